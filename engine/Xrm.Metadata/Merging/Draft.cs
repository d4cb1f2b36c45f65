using System.Collections.Immutable;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Merging;

/// <summary>All packages merged, by name, mistakes included: what the checks look at and the model is built from.</summary>
internal sealed class Draft
{
    private readonly Dictionary<string, DraftEntity> _entities = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unreadable;

    public Draft(ImmutableArray<Package> packages)
    {
        Packages = packages;
        Reach = new PackageReach(packages);
        OptionLists = packages.SelectMany(package => package.Options)
            .GroupBy(list => list.Value.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        Roles = packages.SelectMany(package => package.Roles)
            .GroupBy(role => role.Value.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First().File.Package, StringComparer.Ordinal);
        _unreadable = packages.SelectMany(package => package.Problems)
            .Where(problem => problem.Location.Path == "$").Select(problem => problem.Location.File).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>In dependency order.</summary>
    public ImmutableArray<Package> Packages { get; }

    /// <summary>What the packages may refer to.</summary>
    public PackageReach Reach { get; }

    /// <summary>In package order, then file order; generated link entities after the entity that has the field.</summary>
    public List<DraftEntity> Entities { get; } = [];

    public Dictionary<string, InFile<OptionList>> OptionLists { get; }

    /// <summary>The package of each role.</summary>
    public Dictionary<string, string> Roles { get; }

    public DraftEntity? Find(string? entity) => entity is null ? null : _entities.GetValueOrDefault(entity);

    /// <summary>False where an entity of that name is already there.</summary>
    public bool TryAdd(DraftEntity entity)
    {
        if (!_entities.TryAdd(entity.Name, entity)) return false;
        Entities.Add(entity);
        return true;
    }

    /// <summary>
    /// The entity of that name; where there is none, a problem (none where its file could not be read). A problem, too, where the package
    /// that asks does not depend on that of the entity.
    /// </summary>
    public DraftEntity? Find(string name, SourceLocation location, List<Problem> problems)
    {
        if (Find(name) is { } entity)
        {
            if (Reach.FindMistake($"The entity {name}", entity.Package, location) is { } undeclared) problems.Add(undeclared);
            return entity;
        }
        if (!IsUnreadable("entities", name)) problems.Add(Checking.Unknown.Entity(this, name, location));
        return null;
    }

    /// <summary>The file exists but could not be read: what it defines is not known, and references to it are not to be reported.</summary>
    public bool IsUnreadable(string folder, string name) => _unreadable.Contains($"{folder}/{name}.json");
}

/// <summary>An entity with what all packages say about it.</summary>
internal sealed class DraftEntity
{
    public required Source.Entity Source { get; set; }

    public required Origin Origin { get; init; }

    /// <summary>Where an extension says whose data records hold; null where the owner says it, or nobody does.</summary>
    public Origin? PrivacyOrigin { get; set; }

    /// <summary>Generated for a many-to-many field.</summary>
    public bool IsGeneratedLink { get; init; }

    public string Name => Source.Name;

    public string Package => Origin.File.Package;

    public List<DraftField> Fields { get; } = [];

    public List<Placed<Key>> Keys { get; } = [];

    public List<Placed<Source.Index>> Indexes { get; } = [];

    public List<Placed<Rule>> Rules { get; } = [];

    public List<Placed<Validation>> Validations { get; } = [];

    /// <summary>Files of scripts that run in forms.</summary>
    public List<Placed<string>> FormScripts { get; } = [];

    /// <summary>Names of the fields that the engine adds.</summary>
    public required ImmutableArray<string> SystemFields { get; init; }

    public DraftField? Find(string? field) => Fields.FirstOrDefault(each => each.Name == field);

    /// <summary>True for declared fields and those that the engine adds.</summary>
    public bool Has(string field) => Find(field) is not null || SystemFields.Contains(field);

    /// <summary>A field of that name as it is written, or as the engine adds it; null where there is none.</summary>
    public Source.Field? SourceOf(Draft draft, string field) =>
        Find(field)?.Source ?? Merging.SystemFields.Of(Source, name => draft.Find(name) is not null).FirstOrDefault(each => each.Name == field);

    /// <summary>Names to choose from where one is wrong.</summary>
    public IEnumerable<string> FieldNames => Fields.Select(each => each.Name).Concat(SystemFields);
}

/// <summary>A field with the changes that extensions made.</summary>
internal sealed class DraftField
{
    public required Source.Field Source { get; set; }

    public required Origin Origin { get; init; }

    /// <summary>The links field of which this is the other side; null for fields that packages wrote.</summary>
    public (DraftEntity Entity, DraftField Field)? InverseOf { get; init; }

    /// <summary>Options, the shared list and the added ones included.</summary>
    public List<Placed<Option>> Options { get; } = [];

    /// <summary>Settings that an extension changed, by name in JSON, with the place of the change.</summary>
    public Dictionary<string, Origin> Changed { get; } = new(StringComparer.Ordinal);

    public string Name => Source.Name;

    public string Package => Origin.File.Package;

    /// <summary>Location of a setting, e.g. <c>maxLength</c>.</summary>
    public SourceLocation At(string setting) => Changed.TryGetValue(setting, out var origin) ? origin.At() : Origin.At($".{setting}");

    /// <summary>Points to one entity of another or the same kind, through one foreign key.</summary>
    public bool IsSingleLookup => Source.Type is "lookup" or "parent" && !IsPolymorphic;

    public bool IsPolymorphic => Source.Type == "owner" || (Source.Type == "lookup" && (Source.Target == "*" || Source.Targets.Length > 0));

    /// <summary>Names of the entities that the field points to, as written; the entity itself for a parent.</summary>
    public IEnumerable<string> TargetNames(DraftEntity entity) => Source.Type switch
    {
        "parent" => [entity.Name],
        "lookup" when Source.Targets.Length > 0 => Source.Targets,
        "lookup" or "links" when Source.Target is { } target => [target],
        "owner" => ["user", "team"],
        _ => [],
    };
}
