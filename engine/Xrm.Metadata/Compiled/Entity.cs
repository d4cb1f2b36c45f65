using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Metadata.Compiled;

/// <summary>A record type with everything it refers to resolved. Immutable once the model is built.</summary>
public sealed class Entity
{
    // Made when they are first asked for: most entities of a large model rest. Whoever comes at the same time makes the same.
    private FrozenDictionary<string, Field>? _fields;
    private FrozenDictionary<string, (Field, Column)>? _columns;

    /// <summary>The entity as written. For a generated link entity: as it would have been written.</summary>
    public required Source.Entity Source { get; init; }

    /// <summary>Package that declares it.</summary>
    public required string Package { get; init; }

    /// <summary>Where it is declared.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Name of one record of this type.</summary>
    public string Name => Source.Name;

    /// <summary>Name of the API collection and of the table.</summary>
    public string Plural => Source.Plural;

    /// <summary>What people call one record.</summary>
    public required string Label { get; init; }

    /// <summary>What people call many records.</summary>
    public required string PluralLabel { get; init; }

    /// <summary>Generated to hold the pairs of a many-to-many field.</summary>
    public bool IsGeneratedLink { get; init; }

    /// <summary>Records have an owner (fields <c>owner</c> and <c>owning_unit</c>).</summary>
    public bool IsUserOwned { get; init; }

    /// <summary>Column with the business unit that a record belongs to; null for records without owners, and where the model has no business units.</summary>
    public Column? OwningUnit => IsUserOwned && FindField("owning_unit") is { Targets.IsEmpty: false } unit ? unit.Column : null;

    /// <summary>There is always exactly one record, which is neither made nor deleted by anybody: formulas ask it by <c>setting('NAME')</c>.</summary>
    public bool IsSettings { get; init; }

    /// <summary>What records can do, e.g. <c>audit</c>.</summary>
    public required FrozenSet<string> Features { get; init; }

    /// <summary>How long the audit keeps what happened to records; null for ever.</summary>
    public AuditPeriod? AuditRetention => Source.AuditRetention is { } kept ? AuditPeriod.TryParse(kept) : null;

    /// <summary>Whose data records hold, and what becomes of them; null where nothing is said.</summary>
    public EntityPrivacy? Privacy => Source.Privacy is { } privacy ? new EntityPrivacy(this, privacy) : null;

    /// <summary>Deleted records go to the recycle bin first (column <c>deleted_at</c>).</summary>
    public bool HasRecycleBin => Features.Contains("recycleBin");

    /// <summary>Some field is a secret, whose values are kept apart from the records.</summary>
    public bool HasSecrets => Fields.Any(each => each.Type is SecretType);

    /// <summary>All fields, in order: <c>id</c> and the other system fields last, after the declared and extended ones.</summary>
    public ImmutableArray<Field> Fields { get; internal set; } = [];

    /// <summary>Field that stands for the record.</summary>
    public Field Primary { get; internal set; } = null!;

    /// <summary>The self-referencing field of type <c>parent</c> that makes a hierarchy; null where there is none.</summary>
    public Field? Hierarchy { get; internal set; }

    /// <summary>Alternate keys, those of unique fields included.</summary>
    public ImmutableArray<Key> Keys { get; internal set; } = [];

    /// <summary>Indexes asked for.</summary>
    public ImmutableArray<ImmutableArray<Field>> Indexes { get; internal set; } = [];

    /// <summary>The states of a record; null where it has no lifecycle.</summary>
    public Lifecycle? Lifecycle { get; internal set; }

    /// <summary>Scripts and decisions, in the order in which they run.</summary>
    public ImmutableArray<Rule> Rules { get; internal set; } = [];

    /// <summary>Scripts that run in forms, in the browser.</summary>
    public ImmutableArray<FormScript> FormScripts { get; internal set; } = [];

    /// <summary>Conditions that reject a record.</summary>
    public ImmutableArray<Validation> Validations { get; internal set; } = [];

    /// <summary>Declared lookups of any entity that can point here, polymorphic ones included; system fields such as <c>created_by</c> are not.</summary>
    public ImmutableArray<Field> IncomingLookups { get; internal set; } = [];

    /// <summary>Stored rollups of other entities over records of this one.</summary>
    public ImmutableArray<Rollup> FeedsRollups { get; internal set; } = [];

    /// <summary>The field of that name, or null.</summary>
    public Field? FindField(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The column of that name with its field, or null. Column names are what the API and SQL use.</summary>
    public (Field Field, Column Column)? FindColumn(string name) => ByColumn.TryGetValue(name, out var found) ? found : null;

    /// <summary>The inverse collection of that name: the lookup of another entity that declares it, or null.</summary>
    public Field? FindInverse(string name) => IncomingLookups.FirstOrDefault(lookup => lookup.Source.Inverse?.Name == name);

    private FrozenDictionary<string, Field> ByName => _fields ??= Fields.ToFrozenDictionary(each => each.Name, StringComparer.Ordinal);

    private FrozenDictionary<string, (Field Field, Column Column)> ByColumn => _columns ??= Fields.SelectMany(each => each.Columns.Select(column => (each, column)))
        .ToFrozenDictionary(pair => pair.column.Name, StringComparer.Ordinal);

    /// <summary>The entity's name.</summary>
    public override string ToString() => Name;
}

/// <summary>An alternate key.</summary>
/// <param name="Name">Name, unique in the entity.</param>
/// <param name="Fields">The fields that together identify a record.</param>
public sealed record Key(string Name, ImmutableArray<Field> Fields);

/// <summary>A script, or a decision, that runs inside a save or delete.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Name">Name, unique in the entity.</param>
/// <param name="OnCreate">Runs before a record is created.</param>
/// <param name="OnUpdate">Runs before a record is updated.</param>
/// <param name="OnDelete">Runs before a record is deleted.</param>
/// <param name="Fields">On update: run only when one of these changed; always where empty.</param>
/// <param name="Location">The file that the author wrote, or where the decision is written, for errors.</param>
public sealed record Rule(Entity Entity, string Name, bool OnCreate, bool OnUpdate, bool OnDelete, ImmutableArray<Field> Fields, SourceLocation Location)
{
    /// <summary>Runs when a record makes a transition.</summary>
    public bool OnTransition { get; init; }

    /// <summary>Names of the transitions on which it runs; all where empty.</summary>
    public ImmutableArray<string> Transitions { get; init; } = [];

    /// <summary>Runs when the save is committed, and not before the record is written.</summary>
    public bool IsAfter { get; init; }

    /// <summary>Condition of a script; null for none. A decision has its own.</summary>
    public Expression? When { get; init; }

    /// <summary>What runs; null for a decision.</summary>
    public Script? Script { get; init; }

    /// <summary>What a rule without a script does; null for a script.</summary>
    public Decision? Decision { get; init; }
}

/// <summary>A script that runs in forms, in the browser.</summary>
/// <param name="Name">File name under <c>rules/</c>, of the source where it was compiled.</param>
/// <param name="Text">JavaScript.</param>
/// <param name="Location">The file that the author wrote.</param>
public sealed record FormScript(string Name, string Text, SourceLocation Location);

/// <summary>A condition that rejects a record.</summary>
/// <param name="When">True for a wrong record.</param>
/// <param name="Message">What to tell the person.</param>
/// <param name="Fields">Fields to mark.</param>
public sealed record Validation(Expression When, string Message, ImmutableArray<Field> Fields);

/// <summary>The states of a record.</summary>
/// <param name="Field">Choice field that holds the state.</param>
/// <param name="Transitions">The permitted ways from state to state.</param>
public sealed record Lifecycle(Field Field, ImmutableArray<Transition> Transitions)
{
    /// <summary>The transition of that name, or null.</summary>
    public Transition? Find(string name) => Transitions.FirstOrDefault(transition => transition.Name == name);
}

/// <summary>One permitted way from some states to another.</summary>
/// <param name="Name">Name, unique in the entity.</param>
/// <param name="Label">Text of the button.</param>
/// <param name="From">States in which it is offered (option values as text).</param>
/// <param name="To">State it leads to (option value as text).</param>
/// <param name="When">Must be true; null where there is no condition.</param>
/// <param name="Roles">Roles that may use it; everybody who may update the record where empty.</param>
public sealed record Transition(string Name, string Label, ImmutableArray<string> From, string To, Expression? When, ImmutableArray<string> Roles);
