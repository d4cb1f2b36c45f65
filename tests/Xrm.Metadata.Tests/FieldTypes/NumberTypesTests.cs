using System.Globalization;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Metadata.Tests.FieldTypes;

public sealed class NumberTypesTests
{
    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("5.0", 5L)]
    [InlineData("5e2", 500L)]
    [InlineData("1200e-2", 12L)]
    [InlineData("-0", 0L)]
    [InlineData("0e999999999999", 0L)]
    public void An_integer_is_read_exactly(string json, long expected) => Assert.Equal(expected, AField.With("\"type\": \"integer\"").Read(json).Value);

    [Theory]
    [InlineData("9223372036854775808", "out_of_range")]
    [InlineData("1e400", "out_of_range")]
    [InlineData("1e99999999999999999999", "out_of_range")]
    [InlineData("5.5", "not_whole")]
    [InlineData("1e-99999999999999999999", "not_whole")]
    [InlineData("\"5\"", "wrong_type")]
    [InlineData("true", "wrong_type")]
    public void An_integer_is_refused_when_it_is_none(string json, string code) => Assert.Equal(code, AField.With("\"type\": \"integer\"").Read(json).Code);

    [Theory]
    [InlineData("0.1", "0.10")]
    [InlineData("-12345678901234567.89", "-12345678901234567.89")]
    [InlineData("1.5000000000000000000000000000000000000000", "1.50")]
    [InlineData("150e-2", "1.50")]
    [InlineData("0.00", "0.00")]
    [InlineData("-0.0", "0.00")]
    public void A_decimal_is_read_digit_by_digit(string json, string expected) =>
        Assert.Equal(expected, ((decimal)AField.With("\"type\": \"decimal\"").Read(json).Value!).ToString(CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("0.125", "too_many_decimals")]
    [InlineData("0.10000000000000000000000000000000000000001", "too_many_decimals")]
    [InlineData("1e-999999999", "too_many_decimals")]
    [InlineData("123456789012345678", "out_of_range")]
    [InlineData("1e999999999", "out_of_range")]
    [InlineData("\"1.5\"", "wrong_type")]
    public void A_decimal_is_refused_rather_than_rounded(string json, string code) => Assert.Equal(code, AField.With("\"type\": \"decimal\"").Read(json).Code);

    [Fact]
    public void A_decimal_of_the_greatest_precision_keeps_every_digit()
    {
        var field = AField.With("\"type\": \"decimal\", \"precision\": 28, \"scale\": 10");
        Assert.Equal(123456789012345678.0123456789m, field.Read("123456789012345678.0123456789").Value);
        Assert.Equal("out_of_range", field.Read("1234567890123456789").Code);
    }

    [Theory]
    [InlineData("integer", "\"min\": 1, \"max\": 120", "0", "121")]
    [InlineData("decimal", "\"min\": 0.5, \"max\": 1.5", "0.49", "1.51")]
    [InlineData("percent", "\"min\": 0, \"max\": 100", "-0.01", "100.01")]
    [InlineData("float", "\"min\": -90, \"max\": 90", "-90.5", "90.5")]
    [InlineData("duration", "\"min\": 0, \"max\": 60", "-1", "61")]
    [InlineData("rating", "\"max\": 3", "0", "4")]
    [InlineData("rating", "\"label\": \"five stars\"", "0", "6")]
    public void A_number_outside_its_limits_is_refused_with_the_limit(string type, string settings, string small, string large)
    {
        var field = AField.With($"\"type\": \"{type}\", {settings}");
        Assert.Equal("too_small", field.Read(small).Code);
        Assert.Equal("too_large", field.Read(large).Code);
    }

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("1e-400", 0d)]
    [InlineData("-0.0", 0d)]
    public void A_float_is_read(string json, double expected)
    {
        var value = Assert.IsType<double>(AField.With("\"type\": \"float\"").Read(json).Value);
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
    }

    [Fact]
    public void A_float_beyond_the_range_is_refused_and_not_made_infinite() => Assert.Equal("out_of_range", AField.With("\"type\": \"float\"").Read("1e400").Code);

    [Fact]
    public void Money_has_amount_currency_and_base_amount()
    {
        var columns = AField.With("\"type\": \"money\"").Columns;
        Assert.Equal(["x", "x_currency", "x_base"], columns.Select(column => column.Name));
        Assert.Equal((19, 2), (columns[0].Precision, columns[0].Scale));
        Assert.Equal([false, false, true], columns.Select(column => column.Computed));
    }

    [Theory]
    [InlineData("\"EUR\"", null)]
    [InlineData("\"eur\"", "invalid_currency")]
    [InlineData("\"EURO\"", "invalid_currency")]
    [InlineData("978", "wrong_type")]
    public void The_currency_of_money_is_a_code(string json, string? code) => Assert.Equal(code, AField.With("\"type\": \"money\"").Read(json, "currency").Code);

    [Theory]
    [InlineData("\"currency\": \"CHF\"", "CHF")]
    [InlineData("\"currency\": \"home\"", "SEK")]
    [InlineData("\"label\": \"free\"", "USD")]
    public void Money_gets_the_currency_that_its_field_says(string settings, string expected)
    {
        var field = AField.With($"\"type\": \"money\", {settings}");
        var values = new Dictionary<string, object?> { ["x"] = 5m, ["x_currency"] = "USD", ["home"] = "SEK" };
        ((ICompositeField)field.Type).Complete(field, values);
        Assert.Equal(expected, values["x_currency"]);
    }

    [Fact]
    public void Money_without_amount_has_no_currency()
    {
        var field = AField.With("\"type\": \"money\", \"currency\": \"CHF\"");
        var values = new Dictionary<string, object?> { ["x"] = null, ["x_currency"] = "CHF" };
        ((ICompositeField)field.Type).Complete(field, values);
        Assert.Null(values["x_currency"]);
    }

    [Theory]
    [InlineData("\"type\": \"integer\", \"min\": 5, \"max\": 4", "min")]
    [InlineData("\"type\": \"integer\", \"min\": 0.5", "min")]
    [InlineData("\"type\": \"integer\", \"max\": 9223372036854775808", "max")]
    [InlineData("\"type\": \"decimal\", \"precision\": 29", "precision")]
    [InlineData("\"type\": \"decimal\", \"precision\": 0, \"scale\": 0", "precision")]
    [InlineData("\"type\": \"decimal\", \"precision\": 5, \"scale\": 6", "scale")]
    [InlineData("\"type\": \"decimal\", \"scale\": -1", "scale")]
    [InlineData("\"type\": \"decimal\", \"precision\": 3, \"scale\": 2, \"max\": 10", "max")]
    [InlineData("\"type\": \"money\", \"currency\": \"Euro\"", "currency")]
    [InlineData("\"type\": \"money\", \"currency\": \"company.\"", "currency")]
    [InlineData("\"type\": \"rating\", \"max\": 1", "max")]
    [InlineData("\"type\": \"rating\", \"max\": 4.5", "max")]
    public void A_wrong_setting_of_a_number_is_named_with_a_remedy(string settings, string setting)
    {
        var field = AField.Settings(settings);
        var problem = Assert.Single(FieldTypeRegistry.Default.Find(field.Type)!.CheckSettings(field));
        Assert.Equal(setting, problem.Setting);
        Assert.NotEmpty(problem.Remedy);
    }
}
