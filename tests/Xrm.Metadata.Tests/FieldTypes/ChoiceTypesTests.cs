using Xrm.Metadata.FieldTypes;

namespace Xrm.Metadata.Tests.FieldTypes;

public sealed class ChoiceTypesTests
{
    private const string Texts = "\"options\": [{ \"value\": \"draft\" }, { \"value\": \"active\" }, { \"value\": \"old\", \"retired\": true }]";
    private const string Numbers = "\"options\": [{ \"value\": 1 }, { \"value\": 2 }, { \"value\": 3, \"retired\": true }]";

    [Theory]
    [InlineData(Texts, ColumnType.Text, ColumnType.TextList, ValueKind.Text)]
    [InlineData(Numbers, ColumnType.Integer, ColumnType.IntegerList, ValueKind.Number)]
    public void Options_decide_how_a_choice_is_stored(string options, ColumnType one, ColumnType many, ValueKind kind)
    {
        var choice = AField.With($"\"type\": \"choice\", {options}");
        Assert.Equal(one, choice.Column!.Type);
        Assert.Equal(kind, choice.Type.KindOf(choice));
        Assert.Equal(many, AField.With($"\"type\": \"choices\", {options}").Column!.Type);
    }

    [Theory]
    [InlineData(Texts, "\"draft\"", "draft", null)]
    [InlineData(Texts, "\"\"", null, null)]
    [InlineData(Texts, "\"Draft\"", null, "unknown_option")]
    [InlineData(Texts, "1", null, "wrong_type")]
    [InlineData(Numbers, "2", 2L, null)]
    [InlineData(Numbers, "2.0", 2L, null)]
    [InlineData(Numbers, "4", null, "unknown_option")]
    [InlineData(Numbers, "\"2\"", null, "wrong_type")]
    [InlineData(Texts + ", \"allowOther\": true", "\"mine\"", "mine", null)]
    public void A_choice_takes_its_options(string options, string json, object? value, string? code)
    {
        var result = AField.With($"\"type\": \"choice\", {options}").Read(json);
        Assert.Equal(code, result.Code);
        Assert.Equal(value, result.Value);
    }

    [Fact]
    public void A_retired_option_is_read_and_found_to_be_retired()
    {
        var choice = AField.With($"\"type\": \"choice\", {Texts}");
        Assert.Equal("old", choice.Read("\"old\"").Value);
        Assert.True(OptionValues.Find(choice, "old")!.Retired);
        Assert.False(OptionValues.Find(choice, "draft")!.Retired);
    }

    [Fact]
    public void Several_choices_are_kept_once_in_the_order_of_the_options()
    {
        Assert.Equal(new[] { "draft", "active" }, AField.With($"\"type\": \"choices\", {Texts}").Read("[\"active\", \"draft\", \"active\"]").Value);
        Assert.Equal(new[] { 1L, 2L }, AField.With($"\"type\": \"choices\", {Numbers}").Read("[2, 1]").Value);
        Assert.Null(AField.With($"\"type\": \"choices\", {Numbers}").Read("[]").Value);
        Assert.Equal("unknown_option", AField.With($"\"type\": \"choices\", {Numbers}").Read("[1, 9]").Code);
        Assert.Equal("wrong_type", AField.With($"\"type\": \"choices\", {Texts}").Read("\"draft\"").Code);
        Assert.Equal("wrong_type", AField.With($"\"type\": \"choices\", {Texts}").Read("[null]").Code);
    }

    [Fact]
    public void Tags_are_trimmed_and_kept_once_whatever_their_case()
    {
        var field = AField.With("\"type\": \"tags\"");
        Assert.Equal(new[] { "Big", "small" }, field.Read("[\" Big \", \"small\", \"big\", \"\"]").Value);
        Assert.Null(field.Read("[\"\"]").Value);
        Assert.Equal("too_many_values", field.Read($"[{string.Join(',', Enumerable.Range(0, 101).Select(n => $"\"t{n}\""))}]").Code);
        Assert.Equal("too_long", field.Read($"[\"{new string('x', 101)}\"]").Code);
        Assert.Equal("invalid_text", field.Read("[\"a\\u0000\"]").Code);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void A_boolean_is_true_or_false(string json, bool expected) => Assert.Equal(expected, AField.With("\"type\": \"boolean\"").Read(json).Value);

    [Theory]
    [InlineData("0")]
    [InlineData("\"true\"")]
    public void A_boolean_is_nothing_else(string json) => Assert.Equal("wrong_type", AField.With("\"type\": \"boolean\"").Read(json).Code);

    [Theory]
    [InlineData("\"type\": \"choice\"")]
    [InlineData("\"type\": \"choice\", \"options\": []")]
    [InlineData("\"type\": \"choice\", \"options\": [{ \"value\": \"a\" }, { \"value\": \"a\" }]")]
    [InlineData("\"type\": \"choice\", \"options\": [{ \"value\": \"a\" }, { \"value\": 1 }]")]
    [InlineData("\"type\": \"choice\", \"options\": [{ \"value\": 1.5 }]")]
    [InlineData("\"type\": \"choice\", \"options\": [{ \"value\": \"\" }]")]
    [InlineData("\"type\": \"choice\", \"options\": [{ \"value\": true }]")]
    [InlineData("\"type\": \"choice\", \"options\": [{ \"value\": 1, \"when\": [1] }]")]
    [InlineData("\"type\": \"choice\", \"parent\": \"x\", \"options\": [{ \"value\": 1, \"when\": [1] }]")]
    public void A_wrong_list_of_options_is_one_problem(string settings)
    {
        var field = AField.Settings(settings);
        Assert.Single(FieldTypeRegistry.Default.Find(field.Type)!.CheckSettings(field));
    }

    [Fact]
    public void A_shared_list_is_checked_where_it_is_written() =>
        Assert.Empty(FieldTypeRegistry.Default.Find("choice")!.CheckSettings(AField.Settings("\"type\": \"choice\", \"options\": \"countries\"")));
}
