using System.CommandLine;
using Xrm.Data;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Scripting.Declarations;
using Xrm.Server.Features.Scripts;

namespace Xrm.Server.Commands;

/// <summary><c>xrm types</c>: what scripts see, as TypeScript declarations.</summary>
internal static class TypesCommand
{
    public static Command Create()
    {
        var command = new Command("types", "Print TypeScript declarations of what scripts see: of package folders, or of the published packages.");
        var folders = new Argument<DirectoryInfo[]>("DIR") { Description = "Package folders; without, what is published", Arity = ArgumentArity.ZeroOrMore };
        var entity = new Option<string?>("--entity") { Description = "The entity whose rules the declarations are for: what record is", HelpName = "NAME" };
        var action = new Option<string?>("--action") { Description = "The action that the declarations are for: what parameters are, and record where no entity is given", HelpName = "NAME" };
        command.Arguments.Add(folders);
        command.Options.Add(entity);
        command.Options.Add(action);
        var connection = new ConnectionOptions(command);
        command.SetAction(async (parsed, ct) =>
        {
            var model = parsed.GetValue(folders) is { Length: > 0 } given ? await ReadAsync(given, ct) : await PublishedAsync(connection.Read(parsed), ct);
            var record = parsed.GetValue(entity) is { } name ? model.FindEntity(name) ?? throw Unknown("entity", name, model.Entities.Select(each => each.Name)) : null;
            var run = parsed.GetValue(action) is { } wanted ? model.Actions.FirstOrDefault(each => each.Name == wanted) ?? throw Unknown("action", wanted, model.Actions.Select(each => each.Name)) : null;
            await Console.Out.WriteAsync(ScriptDeclarations.ForEditor(model, record ?? run?.Entity, run));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<Model> ReadAsync(DirectoryInfo[] folders, CancellationToken ct)
    {
        var set = await PackageSet.ReadAsync(folders.Select(folder => folder.FullName), folder => PackageArguments.ReadAsync(folder, ct));
        var (model, problems) = set.Compile();
        return model ?? throw new CommandFailedException(ExitCodes.Failed, $"the packages have mistakes:\n{string.Join('\n', problems)}");
    }

    private static async Task<Model> PublishedAsync(ConnectionSettings settings, CancellationToken ct)
    {
        await using var session = await EngineSession.OpenAsync(settings, ct);
        return session.Get<CurrentModel>().Value.Model;
    }

    private static CommandFailedException Unknown(string kind, string name, IEnumerable<string> known) =>
        new(ExitCodes.Failed, $"There is no {kind} {name}.{(Names.Nearest(name, known) is { } near ? $" Did you mean {near}?" : "")}");
}
