using System.Collections.Immutable;

namespace Xrm.Metadata.Source;

/// <summary>One package as written: every file of its folder, read.</summary>
public sealed record Package
{
    /// <summary>The manifest.</summary>
    public required Manifest Manifest { get; init; }

    /// <summary>The file of the manifest.</summary>
    public required SourceFile ManifestFile { get; init; }

    /// <summary>Mistakes found while reading. What they are in is left out or mended, so that the rest can be checked as well.</summary>
    public ImmutableArray<Problem> Problems { get; init; } = [];

    /// <summary>Record types.</summary>
    public ImmutableArray<InFile<Entity>> Entities { get; init; } = [];

    /// <summary>Additions to other packages' entities.</summary>
    public ImmutableArray<InFile<Extension>> Extensions { get; init; } = [];

    /// <summary>Shared option lists.</summary>
    public ImmutableArray<InFile<OptionList>> Options { get; init; } = [];

    /// <summary>Forms.</summary>
    public ImmutableArray<InFile<Form>> Forms { get; init; } = [];

    /// <summary>Views.</summary>
    public ImmutableArray<InFile<View>> Views { get; init; } = [];

    /// <summary>Workflows.</summary>
    public ImmutableArray<InFile<Workflow>> Workflows { get; init; } = [];

    /// <summary>Actions.</summary>
    public ImmutableArray<InFile<ScriptAction>> Actions { get; init; } = [];

    /// <summary>Schedules.</summary>
    public ImmutableArray<InFile<Schedule>> Schedules { get; init; } = [];

    /// <summary>Apps.</summary>
    public ImmutableArray<InFile<App>> Apps { get; init; } = [];

    /// <summary>Roles.</summary>
    public ImmutableArray<InFile<Role>> Roles { get; init; } = [];

    /// <summary>Translations.</summary>
    public ImmutableArray<InFile<Translation>> Translations { get; init; } = [];

    /// <summary>Starter rows.</summary>
    public ImmutableArray<InFile<StarterData>> Data { get; init; } = [];

    /// <summary>Package tests.</summary>
    public ImmutableArray<InFile<TestFile>> Tests { get; init; } = [];

    /// <summary>False where <see cref="Data"/> and <see cref="Tests"/> were not read.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Scripts in JavaScript by file name under <c>rules/</c>, those that were made from another file included.</summary>
    public ImmutableSortedDictionary<string, string> Scripts { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Scripts in TypeScript by file name under <c>rules/</c>; see <see cref="BuiltScript"/>.</summary>
    public ImmutableSortedDictionary<string, string> ScriptSources { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Every file as it was read, byte for byte; what an export gives back.</summary>
    public required PackageFiles Files { get; init; }
}

/// <summary>Something read from a file, with the means to say where any part of it stands.</summary>
/// <typeparam name="T">What was read.</typeparam>
/// <param name="Value">What was read.</param>
/// <param name="File">The file it was read from.</param>
public sealed record InFile<T>(T Value, SourceFile File)
{
    /// <summary>Location of a JSON path such as <c>$.fields[3].type</c>, with its line.</summary>
    public SourceLocation At(string path = "$") => File.At(path);
}
