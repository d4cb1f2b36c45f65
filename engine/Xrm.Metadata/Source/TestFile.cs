using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

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

    /// <summary>Who does it; somebody who may do everything where missing.</summary>
    public TestPerson? As { get; init; }

    /// <summary>Records to create first; nobody's rights are asked.</summary>
    public ImmutableArray<TestRecord> Given { get; init; } = [];

    /// <summary>What is done: one thing, or several in order. Where a refusal is expected it is that of the last one.</summary>
    public required TestActions When { get; init; }

    /// <summary>What must hold afterwards.</summary>
    public required TestExpectation Then { get; init; }
}

/// <summary>A person with roles. Where users are records, <c>{ "$ref": "me" }</c> points to the person's, who owns what they create and none of the given records unless it says so.</summary>
public sealed record TestPerson
{
    /// <summary>Roles of the person; without any there are no rights.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];
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

    /// <summary>Name of a given record to send through <see cref="Transition"/>, or to run <see cref="Action"/> on.</summary>
    public string? On { get; init; }

    /// <summary>Transition to perform on <see cref="On"/>.</summary>
    public string? Transition { get; init; }

    /// <summary>Action to run on <see cref="On"/>.</summary>
    public string? Action { get; init; }

    /// <summary>Schedule whose time has come: its script runs, as the system, whether the schedule is switched off or not.</summary>
    public string? Schedule { get; init; }

    /// <summary>Values of the update, by field name; or of the action's parameters, by their names.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Values { get; init; } = ImmutableSortedDictionary<string, JsonElement>.Empty;
}

/// <summary>What must hold after a test's action.</summary>
public sealed record TestExpectation
{
    /// <summary>The last action is refused, and this field is marked (<c>*</c>: no matter which).</summary>
    public string? FailsOn { get; init; }

    /// <summary>The refusal's message contains this text.</summary>
    public string? Message { get; init; }

    /// <summary>Expected values by record name, then field name.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, JsonElement>> Records { get; init; } = ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, JsonElement>>.Empty;

    /// <summary>Records that are there, or are not.</summary>
    public ImmutableArray<TestExistence> Exists { get; init; } = [];

    /// <summary>What rules tell the person without a refusal: for each text a message that contains it.</summary>
    public ImmutableArray<string> Messages { get; init; } = [];

    /// <summary>Mails that scripts write.</summary>
    public ImmutableArray<TestMail> Mails { get; init; } = [];

    /// <summary>Runs that the actions have started, by workflow, or by entity and rule for scripts that follow a save: how many; 0 for none. They do not run.</summary>
    public ImmutableSortedDictionary<string, int> Workflows { get; init; } = ImmutableSortedDictionary<string, int>.Empty;
}

/// <summary>A mail that scripts must write, or must not.</summary>
public sealed record TestMail
{
    /// <summary>An address that it goes to; any where missing.</summary>
    public string? To { get; init; }

    /// <summary>A text that its subject contains.</summary>
    public string? Subject { get; init; }

    /// <summary>A text that its body contains.</summary>
    public string? Body { get; init; }

    /// <summary>How many such mails there are, 0 for none; at least one where missing.</summary>
    [Range(0, 1000)]
    public int? Count { get; init; }
}

/// <summary>Records that must be there, or must not.</summary>
public sealed record TestExistence
{
    /// <summary>Entity of the records.</summary>
    public required string Entity { get; init; }

    /// <summary>Their values, by field name; those that were there before the test count as well.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Where { get; init; } = ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>How many there are, 0 for none; at least one where missing.</summary>
    [Range(0, 1000)]
    public int? Count { get; init; }
}
