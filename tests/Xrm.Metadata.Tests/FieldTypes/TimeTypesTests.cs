namespace Xrm.Metadata.Tests.FieldTypes;

public sealed class TimeTypesTests
{
    [Fact]
    public void A_date_is_read() => Assert.Equal(new DateOnly(2028, 2, 29), AField.With("\"type\": \"date\"").Read("\"2028-02-29\"").Value);

    [Theory]
    [InlineData("\"2026-02-29\"", "invalid_date")]
    [InlineData("\"2026-1-1\"", "invalid_date")]
    [InlineData("\"0000-01-01\"", "invalid_date")]
    [InlineData("\"10000-01-01\"", "invalid_date")]
    [InlineData("\" 2026-01-01\"", "invalid_date")]
    [InlineData("\"2026-01-01T00:00:00Z\"", "invalid_date")]
    [InlineData("\"٢٠٢٦-٠١-٠١\"", "invalid_date")]
    [InlineData("20260101", "wrong_type")]
    public void A_date_is_refused_when_the_calendar_lacks_it(string json, string code) => Assert.Equal(code, AField.With("\"type\": \"date\"").Read(json).Code);

    [Theory]
    [InlineData("\"2026-11-22T14:30:00Z\"", "2026-11-22T14:30:00.0000000Z")]
    [InlineData("\"2026-11-22t14:30:00z\"", "2026-11-22T14:30:00.0000000Z")]
    [InlineData("\"2026-01-01T00:30:00+01:00\"", "2025-12-31T23:30:00.0000000Z")]
    [InlineData("\"2026-11-22T14:30:00.5-05:30\"", "2026-11-22T20:00:00.5000000Z")]
    [InlineData("\"2026-11-22T14:30:00.123456789Z\"", "2026-11-22T14:30:00.1234560Z")]
    [InlineData("\"0001-01-01T00:00:00Z\"", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("\"9999-12-31T23:59:59.999999Z\"", "9999-12-31T23:59:59.9999990Z")]
    public void An_instant_is_kept_in_utc_to_the_microsecond(string json, string expected)
    {
        var value = Assert.IsType<DateTime>(AField.With("\"type\": \"datetime\"").Read(json).Value);
        Assert.Equal(DateTimeKind.Utc, value.Kind);
        Assert.Equal(expected, value.ToString("O"));
    }

    [Theory]
    [InlineData("\"2026-11-22T14:30:00\"", "offset_missing")]
    [InlineData("\"2026-11-22\"", "invalid_datetime")]
    [InlineData("\"2026-11-22 14:30:00Z\"", "invalid_datetime")]
    [InlineData("\"2026-11-22T24:00:00Z\"", "invalid_datetime")]
    [InlineData("\"2026-11-22T23:59:60Z\"", "invalid_datetime")]
    [InlineData("\"2026-02-30T00:00:00Z\"", "invalid_datetime")]
    [InlineData("\"2026-11-22T14:30:00+25:00\"", "invalid_datetime")]
    [InlineData("\"0001-01-01T00:00:00+01:00\"", "out_of_range")]
    [InlineData("\"9999-12-31T23:59:59-01:00\"", "out_of_range")]
    [InlineData("1700000000", "wrong_type")]
    public void An_instant_is_refused_when_it_is_not_one(string json, string code) => Assert.Equal(code, AField.With("\"type\": \"datetime\"").Read(json).Code);

    [Theory]
    [InlineData("\"14:30\"", "14:30:00.0000000")]
    [InlineData("\"23:59:59.999999\"", "23:59:59.9999990")]
    [InlineData("\"00:00:00\"", "00:00:00.0000000")]
    public void A_time_of_day_is_read(string json, string expected) =>
        Assert.Equal(expected, Assert.IsType<TimeOnly>(AField.With("\"type\": \"time\"").Read(json).Value).ToString("O"));

    [Theory]
    [InlineData("\"24:00\"")]
    [InlineData("\"9:30\"")]
    [InlineData("\"14:30:00Z\"")]
    [InlineData("\"14:30:\"")]
    public void A_time_of_day_is_refused_when_no_clock_shows_it(string json) => Assert.Equal("invalid_time", AField.With("\"type\": \"time\"").Read(json).Code);
}
