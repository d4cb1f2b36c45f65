using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary><c>data/NAME.json</c>: starter rows of one entity, inserted or updated by key at publish.</summary>
public sealed record StarterData
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Entity of the rows.</summary>
    public required string Entity { get; init; }

    /// <summary>Fields that identify a row that is already there.</summary>
    public ImmutableArray<string> Key { get; init; } = [];

    /// <summary>What to do with a row that is already there: <c>keep</c> (default) what people may have changed, or <c>update</c> it.</summary>
    [AllowedValues("keep", "update")]
    public string? Existing { get; init; }

    /// <summary>The rows: values by field name. A lookup is written as an object of fields that identify the target, e.g. <c>{ "name": "Acme" }</c> (a lookup of several kinds adds <c>"$entity": "account"</c>).</summary>
    public ImmutableArray<ImmutableSortedDictionary<string, JsonElement>> Rows { get; init; } = [];
}

/// <summary><c>translations/LANGUAGE.json</c>: texts of one language, by key.</summary>
public sealed record Translation
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>BCP 47 tag of the language, like the file's name.</summary>
    [RegularExpression("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    public required string Language { get; init; }

    /// <summary>Texts by key: <c>entity.contract.label</c>, <c>entity.contract.pluralLabel</c>, <c>entity.contract.field.title.label</c>, <c>entity.contract.field.status.option.draft</c>, <c>app.contracts.label</c>, <c>view.contract.active.label</c> …</summary>
    public ImmutableSortedDictionary<string, string> Texts { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary><c>tests/NAME.tests.json</c>: cases on records, run at every publish in a transaction that is rolled back.</summary>
public sealed record TestFile
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>The cases.</summary>
    public ImmutableArray<TestCase> Tests { get; init; } = [];
}

/// <summary>One case: given some records, when something is done, then this holds.</summary>
public sealed record TestCase
{
    /// <summary>What is proved, as a sentence.</summary>
    public required string Name { get; init; }

    /// <summary>Records to create first.</summary>
    public ImmutableArray<TestRecord> Given { get; init; } = [];

    /// <summary>What is done.</summary>
    public required TestAction When { get; init; }

    /// <summary>What must hold afterwards.</summary>
    public required TestExpectation Then { get; init; }
}

/// <summary>A record that a test creates. Values may point to earlier records by <c>{ "$ref": "name" }</c>.</summary>
public sealed record TestRecord
{
    /// <summary>Name that later parts of the test use for the record.</summary>
    [RegularExpression(Names.Pattern)]
    public required string As { get; init; }

    /// <summary>Entity of the record.</summary>
    public required string Entity { get; init; }

    /// <summary>Values by field name.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Values { get; init; } = ImmutableSortedDictionary<string, JsonElement>.Empty;
}

/// <summary>What a test does: exactly one of the properties is set.</summary>
public sealed record TestAction
{
    /// <summary>Create this record.</summary>
    public TestRecord? Create { get; init; }

    /// <summary>Name of a given record to update with <see cref="Values"/>.</summary>
    public string? Update { get; init; }

    /// <summary>Name of a given record to delete.</summary>
    public string? Delete { get; init; }

    /// <summary>Name of a given record to send through <see cref="Transition"/>.</summary>
    public string? On { get; init; }

    /// <summary>Transition to perform on <see cref="On"/>.</summary>
    public string? Transition { get; init; }

    /// <summary>Values of the update, by field name.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Values { get; init; } = ImmutableSortedDictionary<string, JsonElement>.Empty;
}

/// <summary>What must hold after a test's action.</summary>
public sealed record TestExpectation
{
    /// <summary>The action is refused, and this field is marked (<c>*</c>: no matter which).</summary>
    public string? FailsOn { get; init; }

    /// <summary>The refusal's message contains this text.</summary>
    public string? Message { get; init; }

    /// <summary>Expected values by record name, then field name.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, JsonElement>> Records { get; init; } = ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, JsonElement>>.Empty;
}
