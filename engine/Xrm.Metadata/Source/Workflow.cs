using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary><c>workflows/NAME.json</c>: steps that run after a record event or at a button.</summary>
public sealed record Workflow
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Name of the workflow, unique in the organisation and different from the transitions of its entity; a button is an action of that name in the API.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>What people call the workflow; the text of its button.</summary>
    public string? Label { get; init; }

    /// <summary>Entity of the record that the workflow is about.</summary>
    public required string Entity { get; init; }

    /// <summary>What starts it.</summary>
    public required Trigger Trigger { get; init; }

    /// <summary>The steps, in order.</summary>
    public ImmutableArray<Step> Steps { get; init; } = [];
}

/// <summary>What starts a workflow.</summary>
public sealed record Trigger
{
    /// <summary>Events: <c>create</c>, <c>update</c>, <c>delete</c>, <c>button</c>.</summary>
    [AllowedValues("create", "update", "delete", "button"), MinLength(1)]
    public required ImmutableArray<string> On { get; init; }

    /// <summary>On update, start only when one of these fields changed; always where empty.</summary>
    public ImmutableArray<string> Fields { get; init; } = [];

    /// <summary>Formula that must be true to start. A button is not offered while it is false.</summary>
    public string? When { get; init; }

    /// <summary>Roles that may press the button; everybody who may update the record where empty.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];
}

/// <summary>One step of a workflow. <see cref="Type"/> says which of the other properties it takes.</summary>
public sealed record Step
{
    /// <summary>Name of the step, unique in the workflow; runs and errors name it.</summary>
    public required string Name { get; init; }

    /// <summary><c>set</c>, <c>create</c>, <c>email</c>, <c>wait</c>, <c>condition</c>, or the name of a plugin's action.</summary>
    public required string Type { get; init; }

    /// <summary>condition: formula to decide by.</summary>
    public string? When { get; init; }

    /// <summary>condition: steps to take when it is true.</summary>
    public ImmutableArray<Step> Then { get; init; } = [];

    /// <summary>condition: steps to take when it is false.</summary>
    public ImmutableArray<Step> Else { get; init; } = [];

    /// <summary>create: entity of the new record.</summary>
    public string? Entity { get; init; }

    /// <summary>set, create, plugin actions: values by field name; each a constant or <c>{ "formula": "…" }</c> over the workflow's record.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Values { get; init; } = ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>email: formula that gives the recipient's address (or a list of them).</summary>
    public string? To { get; init; }

    /// <summary>email: subject, with values of the record at placeholders: <c>Renewal of {{title}} for {{account.name}}</c>.</summary>
    public string? Subject { get; init; }

    /// <summary>email: text, with placeholders as in the subject, and parts that depend on a value: <c>{{#if due_on}}Due on {{due_on}}.{{else}}Not due.{{/if}}</c>, <c>{{#unless paid}} … {{/unless}}</c>.</summary>
    public string? Body { get; init; }

    /// <summary>wait: ISO 8601 duration, e.g. <c>P3D</c> or <c>PT2H</c>.</summary>
    public string? For { get; init; }

    /// <summary>wait: formula that gives the date or time to wait for.</summary>
    public string? Until { get; init; }
}
