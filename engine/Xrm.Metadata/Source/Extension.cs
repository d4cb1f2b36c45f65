using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary><c>extensions/ENTITY.json</c>: what this package adds to, and changes in, another package's entity. A layer: it survives the owner's upgrade.</summary>
public sealed record Extension
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Name of the extended entity.</summary>
    public required string Entity { get; init; }

    /// <summary>New label of the entity.</summary>
    public string? Label { get; init; }

    /// <summary>New plural label of the entity.</summary>
    public string? PluralLabel { get; init; }

    /// <summary>How long the audit keeps what happened to records, in place of what the owner says: an ISO 8601 duration such as <c>P10Y</c>.</summary>
    public string? AuditRetention { get; init; }

    /// <summary>Whose data records hold and when they go, in place of what the owner says.</summary>
    public Privacy? Privacy { get; init; }

    /// <summary>Added fields; they come after the owner's.</summary>
    public ImmutableArray<Field> Fields { get; init; } = [];

    /// <summary>Changed fields of the owner, by name.</summary>
    public ImmutableSortedDictionary<string, FieldChange> Changes { get; init; } = ImmutableSortedDictionary<string, FieldChange>.Empty;

    /// <summary>Added keys.</summary>
    public ImmutableArray<Key> Keys { get; init; } = [];

    /// <summary>Added indexes.</summary>
    public ImmutableArray<Index> Indexes { get; init; } = [];

    /// <summary>Added rules.</summary>
    public ImmutableArray<Rule> Rules { get; init; } = [];

    /// <summary>Script file under <c>rules/</c> (JavaScript or TypeScript) that runs in forms of the entity after its own, in the browser of whoever opens one.</summary>
    public string? FormScript { get; init; }

    /// <summary>Added validations.</summary>
    public ImmutableArray<Validation> Validations { get; init; } = [];
}

/// <summary>What an extension changes in a field that it does not own. Missing properties stay as the owner wrote them.</summary>
public sealed record FieldChange
{
    /// <summary>New label.</summary>
    public string? Label { get; init; }

    /// <summary>New description.</summary>
    public string? Description { get; init; }

    /// <summary>Hide or show the field.</summary>
    public bool? Hidden { get; init; }

    /// <summary>New requirement.</summary>
    public Condition? Required { get; init; }

    /// <summary>New write protection.</summary>
    public Condition? Readonly { get; init; }

    /// <summary>New visibility.</summary>
    public Condition? Visible { get; init; }

    /// <summary>New default.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>What the value is kept for, where it says something about a person; <c>false</c>: it does not.</summary>
    public Personal? Personal { get; init; }

    /// <summary>Whether the value is confidential.</summary>
    public bool? Sensitive { get; init; }

    /// <summary>Options that are added at the end of the owner's list, or replace those of the same value.</summary>
    public ImmutableArray<Option> Options { get; init; } = [];

    /// <summary>Name of the field after which this one now stands.</summary>
    public string? After { get; init; }
}
