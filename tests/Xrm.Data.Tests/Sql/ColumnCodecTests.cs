using System.Text;
using System.Text.Json;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Sql;

public sealed class ColumnCodecTests(TestDatabase test) : IClassFixture<TestDatabase>
{
    public static TheoryData<ColumnType, object, string> Values() => new()
    {
        { ColumnType.Text, "Ärger \"€\"", "\"Ärger \\\"€\\\"\"" },
        { ColumnType.Integer, 9007199254740993L, "9007199254740993" },
        { ColumnType.Decimal, 12345678901234567890.1200m, "12345678901234567890.1200" },
        { ColumnType.Float, 0.1, "0.1" },
        { ColumnType.Boolean, true, "true" },
        { ColumnType.Date, new DateOnly(2026, 2, 28), "\"2026-02-28\"" },
        { ColumnType.Timestamp, new DateTime(2026, 2, 28, 23, 59, 59, 123, 456, DateTimeKind.Utc), "\"2026-02-28T23:59:59.123456Z\"" },
        { ColumnType.Timestamp, new DateTime(2026, 2, 28, 12, 0, 0, DateTimeKind.Utc), "\"2026-02-28T12:00:00Z\"" },
        { ColumnType.Time, new TimeOnly(7, 30), "\"07:30:00\"" },
        { ColumnType.Time, new TimeOnly(7, 30, 1, 500), "\"07:30:01.5\"" },
        { ColumnType.Uuid, new Guid("0198c1de-0000-7000-8000-000000000001"), "\"0198c1de-0000-7000-8000-000000000001\"" },
        { ColumnType.Json, "{\"a\": [1, 2.50]}", "{\"a\": [1, 2.50]}" },
        { ColumnType.TextList, new[] { "a", "b\"c" }, "[\"a\",\"b\\\"c\"]" },
        { ColumnType.IntegerList, new[] { 1L, -2L }, "[1,-2]" },
        { ColumnType.UuidList, Array.Empty<Guid>(), "[]" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Value_goes_to_the_database_and_comes_back_the_same(ColumnType type, object value, string json)
    {
        await using var connection = await test.Database.OpenAsync(CancellationToken.None);
        await using var command = new SqlBuilder().Text("select ").Value(value, type).Text(", ").Value(null, type).ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal(value, ColumnCodec.Read(reader, 0, type));
        Assert.Null(ColumnCodec.Read(reader, 1, type));
        var written = Encoding.UTF8.GetString(Write(writer => ColumnJson.Write(writer, reader, 0, type)));
        Assert.Equal(json, written);
        Assert.Equal(json, Encoding.UTF8.GetString(Write(writer => ColumnJson.Write(writer, ColumnCodec.Read(reader, 0, type), type))));
    }

    [Fact]
    public async Task Many_values_travel_as_one_parameter()
    {
        await using var connection = await test.Database.OpenAsync(CancellationToken.None);
        await using var command = new SqlBuilder().Text("select count(*), count(x) from unnest(").Values([1.5m, null, 2L], ColumnType.Decimal).Text(") x").ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal((3L, 2L), (reader.GetInt64(0), reader.GetInt64(1)));
    }

    [Theory]
    [InlineData(ColumnType.Integer, "1")]
    [InlineData(ColumnType.Boolean, "true")]
    [InlineData(ColumnType.Timestamp, "2026-01-01")]
    public void Value_of_another_type_is_refused(ColumnType type, object value) =>
        Assert.Throws<InvalidCastException>(() => new SqlBuilder().Value(value, type));

    [Fact]
    public void Name_with_a_quote_cannot_leave_its_quotes() =>
        Assert.Equal("\"a\"\"; drop table x; --\"", new SqlBuilder().Name("a\"; drop table x; --").ToString());

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) write(writer);
        return stream.ToArray();
    }
}
