using System.CommandLine;
using System.Globalization;
using Xrm.Data.Auditing;
using Xrm.Data.Access;
using Xrm.Data.Catalogue;
using Xrm.Server.Features.Organisations;
using Xrm.Server.Organisations;

namespace Xrm.Server.Commands;

/// <summary><c>xrm organisation</c>: makes organisations, lists them and ends them. Running servers follow at once.</summary>
internal static class OrganisationCommand
{
    public static Command Create() => new("organisation", "The organisations of this installation: each has tables, people and packages of its own.")
    {
        CreateList(), CreateCreate(),
        CreateMove("suspend", "Have nobody work in an organisation, and nothing happen in it by itself.", (session, name, ct) => session.Get<OrganisationChanges>().SuspendAsync(name, ct), "is suspended"),
        CreateMove("resume", "Have people work in a suspended organisation again.", (session, name, ct) => session.Get<OrganisationChanges>().ResumeAsync(name, ct), "is active"),
        CreateMove("keep", "Take the deletion of an organisation back.", (session, name, ct) => session.Get<OrganisationChanges>().KeepAsync(name, ct), "stays, and is suspended"),
        CreateDelete(), CreateExport(),
    };

    private static Command CreateList()
    {
        var command = new Command("list", "List the organisations.");
        var connection = new ConnectionOptions(command, isOfOrganisation: false);
        command.SetAction(async (parsed, ct) =>
        {
            await using var session = await EngineSession.OpenAsync(connection.Read(parsed), ct);
            var sizes = (await session.Get<OrganisationStore>().SizesAsync(ct)).ToDictionary(size => size.Name, StringComparer.Ordinal);
            foreach (var organisation in await session.Get<OrganisationStore>().ListAsync(ct))
                await Console.Out.WriteLineAsync(Line(organisation, sizes[organisation.Name]));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command CreateCreate()
    {
        var command = new Command("create", "Make an organisation from packages of this installation.");
        var name = NameArgument();
        var label = new Option<string?>("--label") { Description = "Name that people see", HelpName = "TEXT" };
        var packages = new Option<string[]>("--template") { Description = "Package to begin with; what it needs comes with it; can be repeated", HelpName = "PACKAGE" };
        var hosts = new Option<string[]>("--host") { Description = "Host that leads to it; can be repeated", HelpName = "HOST" };
        var user = new Option<string>("--user") { Description = "User who administers it", HelpName = "USER", DefaultValueFactory = _ => "admin" };
        command.Arguments.Add(name);
        foreach (var option in new Option[] { label, packages, hosts, user }) command.Options.Add(option);
        var connection = new ConnectionOptions(command, isOfOrganisation: false);
        command.SetAction(async (parsed, ct) =>
        {
            var organisation = OrganisationText.New(parsed.GetRequiredValue(name), parsed.GetValue(label), [.. parsed.GetValue(hosts) ?? []]);
            await using var session = await EngineSession.OpenAsync(connection.Read(parsed), ct);
            return await MakeAsync(session, organisation, parsed.GetValue(packages) ?? [], parsed.GetRequiredValue(user), ct);
        });
        return command;
    }

    private static async Task<int> MakeAsync(EngineSession session, NewOrganisation organisation, string[] packages, string userName, CancellationToken ct)
    {
        var user = await session.Get<UserStore>().FindByNameAsync(userName, ct) ?? throw new CommandFailedException(ExitCodes.Failed, $"There is no user '{userName}'. Start the server once: the first start makes 'admin'.");
        var files = await session.Get<OrganisationTemplates>().ReadAsync(packages, ct);
        await Console.Error.WriteLineAsync($"Making {organisation.Name} ...");
        await (await session.Get<OrganisationCreation>().BeginAsync(new WantedOrganisation(organisation, files, user.Id, Caller.System.UserId, AuditSources.System, null), ct));
        var made = await session.Get<OrganisationStore>().FindAsync(organisation.Name, ct);
        if (made?.State != OrganisationState.Active) throw new CommandFailedException(ExitCodes.Failed, $"{organisation.Name} could not be made: {made?.Progress}");
        await Console.Out.WriteLineAsync($"{organisation.Name} is active; {userName} administers it.");
        return ExitCodes.Ok;
    }

    private static Command CreateExport()
    {
        var command = new Command("export", "Write all of an organisation into one ZIP file: packages, records, files.");
        var name = NameArgument();
        var file = new Option<FileInfo>("--out") { Description = "File to write; must not be there yet", HelpName = "FILE", Required = true };
        command.Arguments.Add(name);
        command.Options.Add(file);
        var connection = new ConnectionOptions(command, isOfOrganisation: false);
        command.SetAction(async (parsed, ct) =>
        {
            await using var session = await EngineSession.OpenAsync(connection.Read(parsed) with { Organisation = parsed.GetRequiredValue(name) }, ct);
            var at = session.Get<TimeProvider>().GetUtcNow().UtcDateTime;
            await session.Get<AuditLog>().NoteAsync(new AuditEvent(at, AuditOperations.Export, Caller.System.UserId, AuditSources.System, null, """{"format":"zip","query":"organisation"}"""), ct);
            await using var output = new FileStream(parsed.GetRequiredValue(file).FullName, FileMode.CreateNew, FileAccess.Write);
            await session.Get<OrganisationExport>().WriteAsync(output, at, ct);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command CreateDelete() => CreateMove("delete", "Delete a suspended organisation with all its data, after the time in which that can be taken back.",
        (session, name, ct) => session.Get<OrganisationChanges>().DeleteAsync(name, ct), "will be deleted", new Option<string>("--confirm") { Description = "The name once more", HelpName = "NAME", Required = true });

    private static Command CreateMove(string verb, string description, Func<EngineSession, string, CancellationToken, Task> move, string outcome, Option<string>? confirm = null)
    {
        var command = new Command(verb, description);
        var name = NameArgument();
        command.Arguments.Add(name);
        if (confirm is not null) command.Options.Add(confirm);
        var connection = new ConnectionOptions(command, isOfOrganisation: false);
        command.SetAction(async (parsed, ct) =>
        {
            var organisation = parsed.GetRequiredValue(name);
            if (confirm is not null && parsed.GetValue(confirm) != organisation) throw new CommandFailedException(ExitCodes.Usage, $"--confirm must repeat the name: {organisation}.");
            await using var session = await EngineSession.OpenAsync(connection.Read(parsed), ct);
            await move(session, organisation, ct);
            await session.NoteAsync(organisation, verb, ct);
            await Console.Out.WriteLineAsync($"{organisation} {outcome}.");
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>Writes what was done on the command line into the audit of the home organisation.</summary>
    private static Task NoteAsync(this EngineSession session, string organisation, string action, CancellationToken ct) => session.Get<AuditLog>().NoteAsync(
        new AuditEvent(session.Get<TimeProvider>().GetUtcNow().UtcDateTime, AuditOperations.OrganisationChanged, Caller.System.UserId, AuditSources.System, null,
            System.Text.Json.JsonSerializer.Serialize(new { organisation, action }, Hosting.ApiJson.Options)), ct);

    private static Argument<string> NameArgument() => new("NAME") { Description = "Name of the organisation" };

    private static string Line(Organisation organisation, OrganisationSize size) => string.Create(CultureInfo.InvariantCulture,
        $"{organisation.Name,-24} {organisation.State,-10} {size.Members,6} people {size.Bytes / 1_048_576.0,10:F1} MB  {organisation.DisplayName}{(organisation.DeleteAfter is { } at ? $"  until {at:u}" : "")}");
}
