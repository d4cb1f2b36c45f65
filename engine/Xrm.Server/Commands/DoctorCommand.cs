using System.CommandLine;
using Xrm.Data.Catalogue;
using Xrm.Data.Errors;
using Xrm.Data.Publishing;
using Xrm.Data;
using Xrm.Server.Hosting;
using Xrm.Server.Plugins;

namespace Xrm.Server.Commands;

/// <summary><c>xrm doctor</c>: says whether this installation can work, and what to do where it cannot.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Check this installation: the built parts, the database, the published model. Exit code 0 where all is well.");
        var connection = new ConnectionOptions(command);
        command.SetAction((parsed, ct) => RunAsync(connection.Read(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(ConnectionSettings settings, CancellationToken ct)
    {
        var installation = Installation.Find();
        var findings = new List<string[]>
        {
            Finding(Directory.Exists(installation.Root), "installation", installation.Root, "set XRM_HOME to the folder with engine, designer and metadata"),
            Finding(File.Exists(Path.Combine(installation.WebApplication, "index.html")), "web application", installation.WebApplication, "run ./engine/xrm build"),
        };
        findings.AddRange(await CheckDatabaseAsync(settings, ct));
        await ConsoleTable.WriteAsync(findings);
        return findings.TrueForAll(finding => finding[0] == "ok") ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static async Task<IEnumerable<string[]>> CheckDatabaseAsync(ConnectionSettings settings, CancellationToken ct)
    {
        try
        {
            await using var session = await EngineSession.OpenAsync(settings, ct);
            var model = session.Get<CurrentModel>().Value;
            var users = await session.Get<UserStore>().ListAsync(ct);
            var (_, packages) = await session.Get<PackageStore>().ReadAsync(ct);
            return
            [
                ["ok", "database", await session.Get<Database>().ServerVersionAsync(ct)],
                Finding(model.Version > 0, "model", $"version {model.Version}: {string.Join(", ", packages.Select(package => package.Name))}", "start the server once, or run xrm apply"),
                .. session.Get<PluginHost>().Failures.Select(failure => Finding(false, "plugin", failure, "repair it or remove its folder")),
                Finding(!users.IsEmpty, "users", $"{users.Length}", "start the server once: it makes the first administrator"),
            ];
        }
        catch (Exception exception) when (exception is XrmException or CommandFailedException)
        {
            return [["FAILED", "database", exception.Message]];
        }
    }

    private static string[] Finding(bool ok, string subject, string detail, string remedy) =>
        ok ? ["ok", subject, detail] : ["FAILED", subject, $"{detail.TrimEnd('.')}: {remedy}"];
}
