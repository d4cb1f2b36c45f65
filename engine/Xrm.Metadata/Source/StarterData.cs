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
