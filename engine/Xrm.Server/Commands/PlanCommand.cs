using System.CommandLine;
using Xrm.Server.Features.Publish;

namespace Xrm.Server.Commands;

/// <summary><c>xrm plan</c>: what a publish would do.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var command = new Command("plan", "Show what publishing or removing the packages would do. Changes nothing.");
        var packages = new PackageArguments(command);
        var check = new Option<bool>("--check") { Description = $"End with exit code {ExitCodes.ChangesPending} where there is something to publish" };
        command.Options.Add(check);
        var connection = new ConnectionOptions(command);
        command.SetAction(async (parsed, ct) =>
        {
            var request = await packages.ReadAsync(parsed, ct);
            await using var session = await EngineSession.OpenAsync(connection.Read(parsed), ct);
            var plan = await session.Get<PublishService>().PlanAsync(request, ct);
            await PlanOutput.WriteAsync(plan, packages.WithSql(parsed));
            if (!plan.Problems.IsEmpty) return ExitCodes.Failed;
            return parsed.GetValue(check) && !plan.IsEmpty ? ExitCodes.ChangesPending : ExitCodes.Ok;
        });
        return command;
    }
}
