using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Auditing;
using Xrm.Data.Catalogue;
using Xrm.Server.Hosting;
using Xrm.Server.Security;

namespace Xrm.Server.Commands;

/// <summary><c>xrm user reset-password</c>: lets somebody in again where no administrator can.</summary>
internal static class UserCommand
{
    public static Command Create()
    {
        var reset = new Command("reset-password", "Replace the password of somebody by a one-time password, and print it, and nothing else, on standard output. All sessions end.");
        var name = new Argument<string>("NAME") { Description = "Sign-in name" };
        reset.Arguments.Add(name);
        var connection = new ConnectionOptions(reset, isOfOrganisation: false);
        reset.SetAction((parsed, ct) => RunAsync(parsed.GetRequiredValue(name), connection.Read(parsed), ct));
        return new Command("user", "People who sign in.") { reset };
    }

    private static async Task<int> RunAsync(string name, ConnectionSettings settings, CancellationToken ct)
    {
        await using var session = await EngineSession.OpenAsync(settings, ct);
        var user = await session.Get<UserStore>().FindByNameAsync(name, ct) ?? throw new CommandFailedException(ExitCodes.Failed, $"There is no user '{name}'.");
        if (await session.Get<AccountStore>().FindAsync(user.Id, ct) is { IsService: true })
            throw new CommandFailedException(ExitCodes.Failed, $"'{name}' is a service account, which has tokens alone: xrm token create --user {name}.");
        var (password, expiresAt) = await session.Get<Passwords>().ResetAsync(user, ct);
        var details = JsonSerializer.Serialize(new { user = user.Id }, ApiJson.Options);
        await session.Get<AuditLog>().NoteAsync(new AuditEvent(session.Get<TimeProvider>().GetUtcNow().UtcDateTime, AuditOperations.PasswordChanged, Caller.System.UserId, AuditSources.System, null, details), ct);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Good until {expiresAt:yyyy-MM-dd HH:mm} UTC, for a sign-in at which it has to be replaced."));
        await Console.Out.WriteLineAsync(password);
        return ExitCodes.Ok;
    }
}
