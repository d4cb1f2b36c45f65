using System.CommandLine;
using Xrm.Data;
using Xrm.Metadata.Uses;
using Xrm.Server.Features.Metadata;

namespace Xrm.Server.Commands;

/// <summary><c>xrm uses</c>: all that depends on a thing of the published model.</summary>
internal static class UsesCommand
{
    public static Command Create()
    {
        var command = new Command("uses", "List everything that uses an entity, a field, an option, a role or a script of the published packages.");
        var name = new Argument<string?>("NAME") { Description = "entity, entity.field or entity.field.option", Arity = ArgumentArity.ZeroOrOne };
        var role = new Option<string?>("--role") { Description = "Name of a role instead", HelpName = "ROLE" };
        var script = new Option<string?>("--script") { Description = "File name of a script instead, e.g. contract.pricing.ts", HelpName = "FILE" };
        command.Arguments.Add(name);
        command.Options.Add(role);
        command.Options.Add(script);
        command.Validators.Add(result =>
        {
            if (new[] { result.GetValue(name), result.GetValue(role), result.GetValue(script) }.Count(given => given is not null) != 1) result.AddError("Name one thing: an entity, a field, an option, a role or a script.");
        });
        var connection = new ConnectionOptions(command);
        command.SetAction((parsed, ct) =>
        {
            var query = parsed.GetValue(name) is { } path ? ElementQuery.Of(path) : new ElementQuery(null, Role: parsed.GetValue(role), Script: parsed.GetValue(script));
            return RunAsync(query, connection.Read(parsed), ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(ElementQuery query, ConnectionSettings settings, CancellationToken ct)
    {
        await using var session = await EngineSession.OpenAsync(settings, ct);
        var element = query.Find(session.Get<CurrentModel>().Value.Model);
        var uses = await session.Get<WhereUsed>().FindAsync(element, ct);
        await ConsoleTable.WriteAsync([.. uses.Select(Row)]);
        await Console.Error.WriteLineAsync(uses.IsEmpty ? $"Nothing uses {element}." : $"{uses.Length} use{(uses.Length == 1 ? "" : "s")} of {element}.");
        return ExitCodes.Ok;
    }

    private static string[] Row(Use use) =>
    [
        use.Kind, use.Name, use.How + (use.IsLikely ? " (likely)" : use.Times > 1 ? $" ({use.Times} times)" : ""), use.Of.Name,
        $"{use.Location.Package}/{use.Location.File}:{use.Location.Line}", use.Location.Path,
    ];
}
