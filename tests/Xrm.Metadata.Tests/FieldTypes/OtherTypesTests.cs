using Xrm.Metadata.FieldTypes;

namespace Xrm.Metadata.Tests.FieldTypes;

public sealed class OtherTypesTests
{
    private const string Id = "0190163d-8694-739b-aea5-966c26f8ad91";

    [Theory]
    [InlineData("\"type\": \"lookup\", \"target\": \"account\"", "x_id")]
    [InlineData("\"type\": \"lookup\", \"targets\": [\"account\", \"contact\"]", "x_id,x_type")]
    [InlineData("\"type\": \"lookup\", \"target\": \"*\"", "x_id,x_type")]
    [InlineData("\"type\": \"owner\"", "x_id,x_type")]
    [InlineData("\"type\": \"parent\"", "x_id")]
    [InlineData("\"type\": \"children\", \"entity\": \"line\", \"via\": \"order\"", "")]
    [InlineData("\"type\": \"links\", \"target\": \"tag\"", "")]
    [InlineData("\"type\": \"person_name\"", "x,x_title,x_first,x_middle,x_last,x_suffix")]
    [InlineData("\"type\": \"address\"", "x,x_street,x_street2,x_city,x_region,x_postal_code,x_country")]
    public void A_field_has_the_columns_of_its_type(string settings, string expected) =>
        Assert.Equal(expected, string.Join(',', AField.With(settings).Columns.Select(column => column.Name)));

    [Theory]
    [InlineData($"\"{Id}\"", null)]
    [InlineData("\"0190163D-8694-739B-AEA5-966C26F8AD91\"", null)]
    [InlineData("\"0190163d8694739baea5966c26f8ad91\"", "invalid_id")]
    [InlineData("\"{0190163d-8694-739b-aea5-966c26f8ad91}\"", "invalid_id")]
    [InlineData("\" 190163d-8694-739b-aea5-966c26f8ad91\"", "invalid_id")]
    [InlineData("\"Acme\"", "invalid_id")]
    [InlineData("7", "wrong_type")]
    public void An_id_has_one_form(string json, string? code)
    {
        foreach (var type in new[] { "uuid", "file", "parent" }) Assert.Equal(code, AField.With($"\"type\": \"{type}\"").Read(json).Code);
    }

    [Fact]
    public void A_lookup_of_several_kinds_takes_the_names_of_its_targets()
    {
        var field = AField.With("\"type\": \"lookup\", \"targets\": [\"account\", \"contact\"]");
        Assert.Equal("contact", field.Read("\"contact\"", "type").Value);
        Assert.Equal("unknown_target", field.Read("\"invoice\"", "type").Code);
        Assert.Equal(Guid.Parse(Id), field.Read($"\"{Id}\"").Value);
    }

    [Fact]
    public void An_owner_is_a_user_or_a_team()
    {
        var field = AField.With("\"type\": \"owner\"");
        Assert.True(field.Read("\"team\"", "type").Ok);
        Assert.Equal("unknown_target", field.Read("\"account\"", "type").Code);
    }

    [Fact]
    public void Files_are_ids_each_once()
    {
        var field = AField.With("\"type\": \"files\"");
        Assert.Equal(new[] { Guid.Parse(Id) }, field.Read($"[\"{Id}\", \"{Id.ToUpperInvariant()}\"]").Value);
        Assert.Null(field.Read("[]").Value);
        Assert.Equal("invalid_id", field.Read("[\"x\"]").Code);
    }

    [Fact]
    public void A_persons_name_is_put_together_from_its_parts()
    {
        var field = AField.With("\"type\": \"person_name\"");
        var values = new Dictionary<string, object?> { ["x_first"] = "Ada", ["x_last"] = "Lovelace", ["x_middle"] = null };
        ((ICompositeField)field.Type).Complete(field, values);
        Assert.Equal("Ada Lovelace", values["x"]);

        values["x_first"] = values["x_last"] = null;
        ((ICompositeField)field.Type).Complete(field, values);
        Assert.Null(values["x"]);
    }

    [Fact]
    public void An_address_is_one_line_of_the_parts_that_are_there()
    {
        var field = AField.With("\"type\": \"address\"");
        var values = new Dictionary<string, object?> { ["x_street"] = "Unter den Linden 1", ["x_postal_code"] = "10117", ["x_city"] = "Berlin", ["x_country"] = "Germany" };
        ((ICompositeField)field.Type).Complete(field, values);
        Assert.Equal("Unter den Linden 1, 10117 Berlin, Germany", values["x"]);
        Assert.Equal("too_long", field.Read($"\"{new string('1', 31)}\"", "postal_code").Code);
    }

    [Theory]
    [InlineData("{\"a\":[1,\"b\",null]}", null)]
    [InlineData("\"\"", null)]
    [InlineData("{\"a\":\"\\u0000\"}", "invalid_text")]
    [InlineData("{\"\\ud800\":1}", "invalid_text")]
    [InlineData("[\"\\ud800\"]", "invalid_text")]
    [InlineData("[1e1000000]", "out_of_range")]
    [InlineData("[1e-1000000]", "out_of_range")]
    public void Json_is_anything_that_the_database_can_keep(string json, string? code) => Assert.Equal(code, AField.With("\"type\": \"json\"").Read(json).Code);

    [Fact]
    public void Json_has_a_limit() => Assert.Equal("too_long", AField.With("\"type\": \"json\"").Read($"\"{new string('x', 1_000_000)}\"").Code);

    [Theory]
    [InlineData("C-{yyyy}-{00000}", 7, "C-2026-00007", "2026")]
    [InlineData("{yy}{MM}{dd}/{00}", 123, "261122/123", "26-11-22")]
    [InlineData("{00000}", 1, "00001", "")]
    [InlineData("M-{000} %d", 1, "M-001 %d", "")]
    public void An_automatic_number_looks_like_its_format(string format, long count, string expected, string period)
    {
        var date = new DateOnly(2026, 11, 22);
        Assert.Equal(expected, new AutoNumberFormat(format).Write(date, count));
        Assert.Equal(period, new AutoNumberFormat(format).Period(date));
    }

    [Theory]
    [InlineData("C-{yyyy}")]
    [InlineData("{000}{000}")]
    [InlineData("{YYYY}-{000}")]
    [InlineData("{000")]
    [InlineData("000}")]
    [InlineData("{}{0}")]
    [InlineData("{0000000000000000000}")]
    public void A_wrong_format_of_an_automatic_number_is_a_problem(string format) =>
        Assert.Equal("format", Assert.Single(FieldTypeRegistry.Default.Find("autonumber")!.CheckSettings(AField.Settings($"\"type\": \"autonumber\", \"format\": \"{format}\""))).Setting);

    [Theory]
    [InlineData("\"type\": \"lookup\"", "target")]
    [InlineData("\"type\": \"lookup\", \"target\": \"a\", \"targets\": [\"b\"]", "targets")]
    [InlineData("\"type\": \"lookup\", \"targets\": [\"b\", \"b\"]", "targets")]
    [InlineData("\"type\": \"lookup\", \"target\": \"a\", \"onDelete\": \"explode\"", "onDelete")]
    [InlineData("\"type\": \"lookup\", \"target\": \"a\", \"onDelete\": \"setNull\", \"required\": true", "onDelete")]
    [InlineData("\"type\": \"children\", \"entity\": \"line\"", "via")]
    [InlineData("\"type\": \"links\"", "target")]
    public void A_wrong_setting_of_a_reference_is_named_with_a_remedy(string settings, string setting)
    {
        var field = AField.Settings(settings);
        Assert.Equal(setting, Assert.Single(FieldTypeRegistry.Default.Find(field.Type)!.CheckSettings(field)).Setting);
    }

    [Fact]
    public void A_name_that_leaves_no_room_for_its_columns_is_a_problem()
    {
        var field = AField.Settings("\"type\": \"address\"") with { Name = new string('a', 52) };
        Assert.Equal("name", Assert.Single(FieldTypeRegistry.Default.Find("address")!.CheckSettings(field)).Setting);
        Assert.Empty(FieldTypeRegistry.Default.Find("address")!.CheckSettings(field with { Name = new string('a', 51) }));
    }
}
