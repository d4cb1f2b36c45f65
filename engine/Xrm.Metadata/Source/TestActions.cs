using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary>What a test does: one action, or a list of them.</summary>
/// <param name="All">The actions, in order.</param>
/// <param name="IsList">Whether they are written as a list.</param>
[JsonConverter(typeof(TestActionsConverter))]
public sealed record TestActions(ImmutableArray<TestAction> All, bool IsList)
{
    /// <summary>JSON path of an action inside its test.</summary>
    public string PathOf(int index) => IsList ? string.Create(CultureInfo.InvariantCulture, $"when[{index}]") : "when";
}

/// <summary>Names that tests have without giving them.</summary>
public static class TestNames
{
    /// <summary>The person who acts in a test that says who does.</summary>
    public const string Person = "me";
}

internal sealed class TestActionsConverter : JsonConverter<TestActions>
{
    public override TestActions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.StartArray
        ? new TestActions(JsonSerializer.Deserialize<ImmutableArray<TestAction>>(ref reader, options), true)
        : new TestActions([JsonSerializer.Deserialize<TestAction>(ref reader, options)!], false);

    public override void Write(Utf8JsonWriter writer, TestActions value, JsonSerializerOptions options)
    {
        if (value.IsList) JsonSerializer.Serialize(writer, value.All, options);
        else JsonSerializer.Serialize(writer, value.All[0], options);
    }
}
