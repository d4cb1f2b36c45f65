using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary><c>actions/NAME.json</c>: a script that people or other programs run when they want it: about a record, where it is a button, or about none.</summary>
public sealed record ScriptAction
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Name of the action, unique in the organisation; the last part of its URL.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>Text of its button; made from the name where missing.</summary>
    public string? Label { get; init; }

    /// <summary>What it does, for people who are about to run it.</summary>
    public string? Description { get; init; }

    /// <summary>Entity of the record that it is about: <c>POST /api/data/PLURAL/ID/NAME</c>. About none where missing: <c>POST /api/actions/NAME</c>.</summary>
    public string? Entity { get; init; }

    /// <summary>Script file under <c>rules/</c>.</summary>
    public required string Script { get; init; }

    /// <summary>What whoever runs it is asked for.</summary>
    public ImmutableArray<ActionParameter> Parameters { get; init; } = [];

    /// <summary>Formula over the record that must be true; the button is not offered while it is false.</summary>
    public string? When { get; init; }

    /// <summary>Roles that may run it. Where empty: of a record, everybody who may update it; of none, administrators alone.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>With whose rights the script works with other records: <c>caller</c>, who runs it, or <c>system</c>, which may do everything. Default <c>caller</c>.</summary>
    [AllowedValues("caller", "system")]
    public string RunAs { get; init; } = "caller";
}

/// <summary>A value that whoever runs an action is asked for.</summary>
public sealed record ActionParameter
{
    /// <summary>Name of the parameter, unique in the action.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>What people call it; made from the name where missing.</summary>
    public string? Label { get; init; }

    /// <summary>Help beside it.</summary>
    public string? Description { get; init; }

    /// <summary><c>text</c>, <c>multiline</c>, <c>integer</c>, <c>decimal</c>, <c>boolean</c>, <c>date</c>, <c>datetime</c>, <c>choice</c> or <c>lookup</c>.</summary>
    [AllowedValues("text", "multiline", "integer", "decimal", "boolean", "date", "datetime", "choice", "lookup")]
    public required string Type { get; init; }

    /// <summary>A value must be given.</summary>
    public bool Required { get; init; }

    /// <summary>Value where none is given.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>choice: the values.</summary>
    public ImmutableArray<ParameterOption> Options { get; init; } = [];

    /// <summary>lookup: entity of the record.</summary>
    public string? Target { get; init; }

    /// <summary>integer, decimal: smallest value.</summary>
    public decimal? Min { get; init; }

    /// <summary>integer, decimal: largest value.</summary>
    public decimal? Max { get; init; }

    /// <summary>text, multiline: most characters. Default 4000.</summary>
    public int? MaxLength { get; init; }
}

/// <summary>One value of a parameter to choose.</summary>
public sealed record ParameterOption
{
    /// <summary>The value.</summary>
    public required string Value { get; init; }

    /// <summary>What people read; made from the value where missing.</summary>
    public string? Label { get; init; }
}
