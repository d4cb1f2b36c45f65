using Xrm.Data.Jobs;
using Xrm.Server.Security.Protection;
using Xrm.Server.Tests.Identity;

namespace Xrm.Server.Tests.Organisations;

/// <summary><c>xrm keys rotate</c> where there are several organisations.</summary>
public sealed class KeyRotationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_are_replaced_once_and_the_secrets_of_all_organisations_follow_where_that_is_wanted(bool isForAll)
    {
        await using var app = await TwoOrganisations.ServeAsync();
        var before = app.Get<SecretProtection>().CurrentKey;
        var key = Path.Combine(app.Get<MasterKeyPlace>().DataDirectory, "master.key");
        var said = await app.RunVerbAsync(["keys", "rotate", .. isForAll ? ["--all"] : Array.Empty<string>()], ("XRM_MASTER_KEY_FILE", key));
        Assert.StartsWith("A new key is in force.", said, StringComparison.Ordinal);
        Assert.Equal(isForAll, said.Contains("acme: the server encrypts 0 secrets anew.", StringComparison.Ordinal));
        app.Get<SecretProtection>().Renew();
        Assert.NotEqual(before, app.Get<SecretProtection>().CurrentKey);
        Assert.Equal(2, await app.ExecuteAsync("update xrm.protection_key set name = name"));
        Assert.Equal((1, isForAll ? 1 : 0), (await JobsAsync("main"), await JobsAsync("acme")));
        Assert.Equal((1, isForAll ? 1 : 0), (await ToldAsync("main"), await ToldAsync("acme")));

        Task<int> JobsAsync(string name) => app.ExecuteAsync($"update org_{name}._job set kind = kind where kind = '{Job.Reencrypt}'");
        Task<int> ToldAsync(string name) => app.ExecuteAsync($"update org_{name}._audit set operation = operation where operation = 'keys_rotated'");
    }
}
