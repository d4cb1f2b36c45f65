using System.CommandLine;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Publishing;
using Xrm.Metadata.Source;
using Xrm.Server.Features.Publish;
using Xrm.Server.Hosting;

namespace Xrm.Server.Commands;

/// <summary><c>xrm test</c>: runs the tests of packages, and leaves everything as it was.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var command = new Command("test", "Run the tests of packages over those in force. Publishes nothing: all is rolled back. Tables that would change are locked meanwhile.");
        var folders = new Argument<DirectoryInfo[]>("DIR") { Description = "Package folders", Arity = ArgumentArity.OneOrMore };
        var filter = new Option<string?>("--filter") { Description = "Only tests whose names contain this text", HelpName = "TEXT" };
        var json = new Option<bool>("--json") { Description = "Answer in JSON, for programs" };
        command.Arguments.Add(folders);
        command.Options.Add(filter);
        command.Options.Add(json);
        var connection = new ConnectionOptions(command);
        command.SetAction(async (parsed, ct) =>
        {
            var packages = new List<PackageFiles>();
            foreach (var folder in parsed.GetRequiredValue(folders)) packages.Add(await PackageArguments.ReadAsync(folder.FullName, ct));
            var request = new PublishRequest(packages, new HashSet<string>(), null, Caller.System);
            await using var session = await EngineSession.OpenAsync(connection.Read(parsed), ct);
            var report = await session.Get<PublishService>().TestAsync(request, parsed.GetValue(filter), line => Console.Error.WriteLine(line), ct);
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(JsonSerializer.Serialize(TestReportBody.From(report), ApiJson.Options));
            else await TestOutput.WriteAsync(report);
            if (report.Tests.IsEmpty && parsed.GetValue(filter) is { } text && report.Problems.IsEmpty)
                throw new CommandFailedException(ExitCodes.Failed, $"No test has \"{text}\" in its name.");
            return report.Problems.IsEmpty && report.Failed == 0 ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }
}
