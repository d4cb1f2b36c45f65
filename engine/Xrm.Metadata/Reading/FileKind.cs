using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Reading;

/// <summary>One kind of JSON file in a package.</summary>
/// <param name="folder">Folder of the files; empty for the manifest.</param>
/// <param name="schema">Name of the JSON Schema.</param>
/// <param name="ending">How the file names end.</param>
internal abstract class FileKind(string folder, string schema, string ending)
{
    public string Folder => folder;

    public string Schema => schema;

    public string Ending => ending;

    /// <summary>The record that a file of this kind becomes.</summary>
    public abstract Type Type { get; }

    /// <summary>Property that says the file's name, in JSON; null where the name is free.</summary>
    public string? NameProperty { get; init; }

    /// <summary>Asked for while packages are being published, and never afterwards.</summary>
    public bool IsForPublishing { get; init; }

    /// <summary>Puts a file's content into the package.</summary>
    /// <returns>The name that the file should have (without folder and ending); null where it is free.</returns>
    public abstract (Package Package, string? Name) Add(Package package, JsonElement json, SourceFile file);
}

/// <summary>A kind of file whose content is read as <typeparamref name="T"/>.</summary>
internal sealed class FileKind<T>(string folder, string schema, Func<Package, InFile<T>, Package> add, Func<T, string?> name, string ending = ".json")
    : FileKind(folder, schema, ending)
{
    public override Type Type => typeof(T);

    public override (Package Package, string? Name) Add(Package package, JsonElement json, SourceFile file)
    {
        var value = json.Deserialize<T>(SourceJson.Options)!;
        return (add(package, new InFile<T>(value, file)), name(value));
    }
}

/// <summary>The kinds of files that a package consists of.</summary>
internal static class FileKinds
{
    public static FileKind Manifest { get; } = new FileKind<Manifest>("", "manifest",
        (package, file) => package with { Manifest = file.Value, ManifestFile = file.File }, _ => null);

    public static ImmutableArray<FileKind> InFolders { get; } =
    [
        new FileKind<Entity>("entities", "entity", (p, file) => p with { Entities = p.Entities.Add(file) }, e => e.Name) { NameProperty = "name" },
        new FileKind<Extension>("extensions", "extension", (p, file) => p with { Extensions = p.Extensions.Add(file) }, e => e.Entity) { NameProperty = "entity" },
        new FileKind<OptionList>("options", "options", (p, file) => p with { Options = p.Options.Add(file) }, e => e.Name) { NameProperty = "name" },
        new FileKind<Form>("forms", "form", (p, file) => p with { Forms = p.Forms.Add(file) }, e => e.Name) { NameProperty = "name" },
        new FileKind<View>("views", "view", (p, file) => p with { Views = p.Views.Add(file) }, e => e.Name) { NameProperty = "name" },
        new FileKind<Workflow>("workflows", "workflow", (p, file) => p with { Workflows = p.Workflows.Add(file) }, e => e.Name) { NameProperty = "name" },
        new FileKind<ScriptAction>("actions", "action", (p, file) => p with { Actions = p.Actions.Add(file) }, e => e.Name) { NameProperty = "name" },
        new FileKind<Schedule>("schedules", "schedule", (p, file) => p with { Schedules = p.Schedules.Add(file) }, e => e.Name) { NameProperty = "name" },
        new FileKind<App>("apps", "app", (p, file) => p with { Apps = p.Apps.Add(file) }, e => e.Name) { NameProperty = "name" },
        new FileKind<Role>("roles", "role", (p, file) => p with { Roles = p.Roles.Add(file) }, e => e.Name) { NameProperty = "name" },
        new FileKind<Translation>("translations", "translation", (p, file) => p with { Translations = p.Translations.Add(file) }, e => e.Language) { NameProperty = "language" },
        new FileKind<StarterData>("data", "data", (p, file) => p with { Data = p.Data.Add(file) }, _ => null) { IsForPublishing = true },
        new FileKind<TestFile>("tests", "tests", (p, file) => p with { Tests = p.Tests.Add(file) }, _ => null, ".tests.json") { IsForPublishing = true },
    ];

    /// <summary>All kinds, the manifest first.</summary>
    public static ImmutableArray<FileKind> All => [Manifest, .. InFolders];
}
