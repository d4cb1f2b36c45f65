using System.Security.Cryptography;

namespace Xrm.Server.Tests.Identity;

/// <summary>What a provider says of itself, and the keys that it signs with.</summary>
public sealed class ProviderDocumentTests : IAsyncLifetime
{
    private const string Verified = "\"email\": \"jo@example.com\", \"email_verified\": true";
    private TestProvider _provider = null!;

    public async Task InitializeAsync() => _provider = await TestProvider.StartAsync();

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Fact]
    public async Task A_changed_key_is_read_once_and_then_taken_and_the_former_one_opens_nothing()
    {
        var clock = new MovableClock();
        await using var app = await TestApplication.StartAsync(
            new TestSettings { Time = clock, Environment = _provider.Settings(("CREATE_ACCOUNTS", "true")).ToDictionary(each => each.Name, each => (string?)each.Value) }, "desk", People.Package());
        Assert.Equal(200, (await _provider.SignInAsync(app.Browser(), "4711", Verified)).Status);
        var former = _provider.Key;
        _provider.ChangeKey();
        clock.Move(TimeSpan.FromMinutes(2));
        for (var at = 0; at < 3; at++) Assert.Equal(200, (await _provider.SignInAsync(app.Browser(), "4711")).Status);
        Assert.Equal(2, _provider.KeyReads);
        clock.Move(TimeSpan.FromMinutes(2));
        _provider.Sign = claims => TestProvider.SignWith(former, "first", claims);
        Assert.Equal((401, "provider_refused"), Failure(await _provider.SignInAsync(app.Browser(), "4711")));
        Assert.Equal(3, _provider.KeyReads);
    }

    [Fact]
    public async Task An_answer_that_swells_is_not_read_to_its_end()
    {
        _provider.SendsTooMuch = true;
        await using var app = await People.ServeAsync(_provider.Settings());
        var answer = await TestProvider.BeginAsync(app.Browser());
        Assert.Equal((502, "provider_unavailable"), Failure(answer));
        Assert.Contains("answered with too much", answer["detail"]);
    }

    [Fact]
    public async Task Made_up_keys_do_not_make_us_ask_each_time()
    {
        await using var app = await People.ServeAsync(_provider.Settings(("CREATE_ACCOUNTS", "true")));
        Assert.Equal(200, (await _provider.SignInAsync(app.Browser(), "4711", Verified)).Status);
        Assert.Equal(1, _provider.KeyReads);
        using var foreign = RSA.Create(2048);
        _provider.Sign = claims => TestProvider.SignWith(foreign, "made up", claims);
        for (var at = 0; at < 3; at++) Assert.Equal(401, (await _provider.SignInAsync(app.Browser(), "4711", Verified)).Status);
        Assert.Equal(1, _provider.KeyReads);
    }

    private static (int, string?) Failure(Answer answer) => (answer.Status, answer["code"]);
}
