using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary><c>entities/NAME.json</c>: one record type.</summary>
public sealed record Entity
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Name of one record of this type, e.g. <c>contract</c>.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>Name of the API collection and of the table, e.g. <c>contracts</c>.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Plural { get; init; }

    /// <summary>The entity's former name, so that its table and data are kept under the new one.</summary>
    [RegularExpression(Names.Pattern)]
    public string? RenamedFrom { get; init; }

    /// <summary>What people call one record; made from the name where missing.</summary>
    public string? Label { get; init; }

    /// <summary>What people call many records; made from the plural where missing.</summary>
    public string? PluralLabel { get; init; }

    /// <summary>What the entity is for, shown to people.</summary>
    public string? Description { get; init; }

    /// <summary>Name of a Tabler icon, e.g. <c>file-text</c>.</summary>
    public string? Icon { get; init; }

    /// <summary>Name of a palette colour, e.g. <c>indigo</c>.</summary>
    public string? Color { get; init; }

    /// <summary>How many records there are: any number (<c>records</c>, the default), or always exactly one (<c>settings</c>), which the publish makes from the defaults of the fields.</summary>
    [AllowedValues("records", "settings")]
    public string? Kind { get; init; }

    /// <summary>Who owns a record: a user or team (<c>user</c>), or the organisation as a whole (<c>organisation</c>, the default).</summary>
    [AllowedValues("user", "organisation")]
    public string? Ownership { get; init; }

    /// <summary>Field whose value stands for the record in lookups, lists and titles.</summary>
    public required string Primary { get; init; }

    /// <summary>Field shown beneath the title.</summary>
    public string? Subtitle { get; init; }

    /// <summary>What records can do: <c>audit</c>, <c>recycleBin</c>, <c>activities</c>, <c>notes</c>, <c>attachments</c>, <c>search</c>, <c>duplicates</c>.</summary>
    [AllowedValues("audit", "recycleBin", "activities", "notes", "attachments", "search", "duplicates")]
    public ImmutableArray<string> Features { get; init; } = [];

    /// <summary>How long the audit keeps what happened to records: an ISO 8601 duration of years, months, weeks and days, such as <c>P7Y</c>; for ever where missing.</summary>
    public string? AuditRetention { get; init; }

    /// <summary>Whose data records hold, what becomes of them when that person is erased, and when they go by themselves.</summary>
    public Privacy? Privacy { get; init; }

    /// <summary>Order of lists that say none.</summary>
    public ImmutableArray<Sort> DefaultSort { get; init; } = [];

    /// <summary>The fields; their order is the order on screen.</summary>
    public ImmutableArray<Field> Fields { get; init; } = [];

    /// <summary>Alternate keys: combinations of fields that identify one record.</summary>
    public ImmutableArray<Key> Keys { get; init; } = [];

    /// <summary>Indexes beyond those that keys, lookups and unique fields bring.</summary>
    public ImmutableArray<Index> Indexes { get; init; } = [];

    /// <summary>The states a record passes through.</summary>
    public Lifecycle? Lifecycle { get; init; }

    /// <summary>Scripts that run when a record is saved or deleted.</summary>
    public ImmutableArray<Rule> Rules { get; init; } = [];

    /// <summary>Script file under <c>rules/</c> (JavaScript or TypeScript) that runs in forms of the entity, in the browser of whoever opens one.</summary>
    public string? FormScript { get; init; }

    /// <summary>Conditions that reject a record.</summary>
    public ImmutableArray<Validation> Validations { get; init; } = [];
}

/// <summary>A combination of fields that identifies one record.</summary>
public sealed record Key
{
    /// <summary>Name of the key, unique in its entity.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>The fields that together are unique.</summary>
    [MinLength(1)]
    public required ImmutableArray<string> Fields { get; init; }
}

/// <summary>An index that makes filters and sorts on these fields fast.</summary>
public sealed record Index
{
    /// <summary>The fields, in index order.</summary>
    [MinLength(1)]
    public required ImmutableArray<string> Fields { get; init; }
}

/// <summary>One step of a sort order.</summary>
public sealed record Sort
{
    /// <summary>Field to sort by; may reach through lookups with dots.</summary>
    public required string Field { get; init; }

    /// <summary>Largest first.</summary>
    public bool Descending { get; init; }
}
