using System.CommandLine;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Server.Hosting;
using Xrm.Server.Security;

namespace Xrm.Server.Commands;

/// <summary><c>xrm token create</c>: access tokens for programs.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var create = new Command("create", "Make an access token and print it, and nothing else, on standard output.");
        var name = new Option<string>("--name") { Description = "What the token is for; unique per user", HelpName = "N", Required = true };
        var user = new Option<string>("--user") { Description = "User that the token acts for", HelpName = "USER", DefaultValueFactory = _ => "admin" };
        var days = new Option<int?>("--days") { Description = "Days after which the token expires; never where missing", HelpName = "DAYS" };
        create.Options.Add(name);
        create.Options.Add(user);
        create.Options.Add(days);
        var connection = new ConnectionOptions(create);
        create.SetAction((parsed, ct) => RunAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(user), parsed.GetValue(days), connection.Read(parsed), ct));
        return new Command("token", "Access tokens for programs.") { create };
    }

    private static async Task<int> RunAsync(string name, string userName, int? days, ConnectionSettings settings, CancellationToken ct)
    {
        await using var session = await EngineSession.OpenAsync(settings, ct);
        var user = await session.Get<UserStore>().FindByNameAsync(userName, ct)
            ?? throw new CommandFailedException(ExitCodes.Failed, $"There is no user '{userName}'. Start the server once: the first start makes 'admin'.");
        var now = session.Get<TimeProvider>().GetUtcNow();
        var (secret, token) = (Secrets.NewToken(), new AccessToken(Guid.CreateVersion7(now), name, now.UtcDateTime, days is { } count ? now.AddDays(count).UtcDateTime : null, null, null));
        if (!await session.Get<TokenStore>().AddAsync(token.Id, name, Secrets.Hash(secret), user.Id, token.ExpiresAt, null, ct))
            throw new CommandFailedException(ExitCodes.Failed, $"{userName} already has a token named '{name}'. Choose another name.");
        var details = JsonSerializer.Serialize(CredentialNotes.DetailsOf(token, user.Id), ApiJson.Options);
        await session.Get<AuditLog>().NoteAsync(new AuditEvent(now.UtcDateTime, AuditOperations.TokenMade, Caller.System.UserId, AuditSources.System, null, details), ct);
        await Console.Out.WriteLineAsync(secret);
        return ExitCodes.Ok;
    }
}
