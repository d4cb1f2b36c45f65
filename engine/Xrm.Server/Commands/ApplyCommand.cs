using System.CommandLine;
using Xrm.Server.Features.Publish;

namespace Xrm.Server.Commands;

/// <summary><c>xrm apply</c>: publishes packages; running servers take over the new model at once.</summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var command = new Command("apply", "Publish packages, or remove them. A running server takes the new model over at once, without a restart.");
        var packages = new PackageArguments(command);
        var connection = new ConnectionOptions(command);
        command.SetAction(async (parsed, ct) =>
        {
            var request = await packages.ReadAsync(parsed, ct);
            await using var session = await EngineSession.OpenAsync(connection.Read(parsed), ct);
            var result = await session.Get<PublishService>().PublishAsync(request, line => Console.Error.WriteLine(line), ct);
            await PlanOutput.WriteAsync(result.Plan, packages.WithSql(parsed));
            if (result.Version is null) return ExitCodes.Failed;
            await Console.Out.WriteLineAsync(result.Plan.IsEmpty ? "Nothing to publish: all of it is in force already." : $"Published as version {result.Version}.");
            return ExitCodes.Ok;
        });
        return command;
    }
}
