using Xrm.Data.Schema;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Schema;

/// <summary>Changes that meet records.</summary>
public sealed class SchemaRecordsTests(TestDatabase test) : SchemaTest(test)
{
    [Fact]
    public async Task Required_field_is_refused_while_records_have_no_value()
    {
        await ApplyAsync(new PackageBuilder().Entity("sample", """{ "name": "code", "type": "text" }"""));
        await InsertAsync("samples");
        var required = new PackageBuilder().Entity("sample", """{ "name": "code", "type": "text", "required": true }""", """{ "name": "more", "type": "text", "required": true }""");
        var plan = await PlanAsync(required);
        Assert.Equal(["records_without_value", "records_without_value"], plan.Problems.Select(problem => problem.Code));
        Assert.Contains("1 record", plan.Problems[0].Message);
        await ExecuteAsync("delete from {s}.samples");
        await ApplyAsync(required);
        Assert.True(await ScalarAsync("select attnotnull from pg_attribute where attrelid = '{s}.samples'::regclass and attname = 'code'") is true);
    }

    [Theory]
    [InlineData("text", "\"o'clock\"", "o'clock")]
    [InlineData("integer", "12", "12")]
    [InlineData("decimal", "1.5", "1.50")]
    [InlineData("boolean", "true", "true")]
    [InlineData("date", "\"2026-02-28\"", "2026-02-28")]
    [InlineData("datetime", "\"2026-02-28T10:00:00Z\"", "2026-02-28 10:00:00+00")]
    [InlineData("tags", "[\"a\", \"b, c\"]", "{a,\"b, c\"}")]
    public async Task New_required_field_gets_its_constant_default_in_all_records(string type, string value, string stored)
    {
        await ApplyAsync(new PackageBuilder().Entity("sample"));
        await InsertAsync("samples");
        await ApplyAsync(new PackageBuilder().Entity("sample", $$"""{ "name": "field", "type": "{{type}}", "required": true, "default": {{value}} }"""));
        Assert.Equal(stored, await ScalarAsync("set timezone to 'UTC'; select field::text from {s}.samples"));
    }

    [Fact]
    public async Task Key_is_refused_while_values_occur_twice_and_ignores_the_recycle_bin()
    {
        var entity = (string field) => new PackageBuilder().EntityWith("sample", "\"features\": [\"recycleBin\"]", field);
        await ApplyAsync(entity("""{ "name": "code", "type": "text" }"""));
        await InsertAsync("samples", "code", "'x'");
        await InsertAsync("samples", "code", "'x'");
        var unique = entity("""{ "name": "code", "type": "text", "unique": true }""");
        Assert.Equal("records_not_unique", Assert.Single((await PlanAsync(unique)).Problems).Code);
        await ExecuteAsync("update {s}.samples set deleted_at = now() where id = (select id from {s}.samples limit 1)");
        await ApplyAsync(unique);
        await ApplyAsync(entity("""{ "name": "code", "type": "text" }"""));
    }

    [Fact]
    public async Task Recycle_bin_comes_and_goes_with_an_index_of_its_own()
    {
        var (with, without) = (new PackageBuilder().EntityWith("sample", "\"features\": [\"recycleBin\"]"), new PackageBuilder().Entity("sample"));
        const string Indexes = "select string_agg(pg_get_expr(indpred, indrelid), ', ') from pg_index where indrelid = '{s}.samples'::regclass and indpred is not null";
        await ApplyAsync(without);
        await InsertAsync("samples");
        await ApplyAsync(with);
        Assert.Equal("(deleted_at IS NOT NULL)", await ScalarAsync(Indexes));
        await ApplyAsync(without);
        Assert.Equal(DBNull.Value, await ScalarAsync(Indexes));
        await ApplyAsync(with);
        Assert.Equal("(deleted_at IS NOT NULL)", await ScalarAsync(Indexes));
    }

    [Theory]
    [InlineData("\"type\": \"decimal\", \"precision\": 10, \"scale\": 2", "\"type\": \"decimal\", \"precision\": 12, \"scale\": 2", "1.25", "1.25")]
    [InlineData("\"type\": \"decimal\", \"precision\": 10, \"scale\": 2", "\"type\": \"decimal\", \"precision\": 10, \"scale\": 1", "1.50", "1.5")]
    [InlineData("\"type\": \"integer\"", "\"type\": \"decimal\"", "7", "7.00")]
    [InlineData("\"type\": \"integer\"", "\"type\": \"text\"", "7", "7")]
    [InlineData("\"type\": \"decimal\"", "\"type\": \"integer\"", "7.00", "7")]
    [InlineData("\"type\": \"date\"", "\"type\": \"datetime\"", "'2026-01-02'", "2026-01-02 00:00:00+00")]
    [InlineData("\"type\": \"text\"", "\"type\": \"tags\"", "'x'", "{x}")]
    [InlineData("\"type\": \"text\"", "\"type\": \"multiline\"", "'x'", "x")]
    public async Task Type_changes_when_no_value_is_lost(string before, string after, string value, string expected)
    {
        await ApplyAsync(new PackageBuilder().Entity("sample", $$"""{ "name": "field", {{before}} }"""));
        await InsertAsync("samples", "field", value);
        await ApplyAsync(new PackageBuilder().Entity("sample", $$"""{ "name": "field", {{after}} }"""));
        Assert.Equal(expected, await ScalarAsync("set timezone to 'UTC'; select field::text from {s}.samples"));
    }

    [Theory]
    [InlineData("\"type\": \"decimal\"", "\"type\": \"integer\"", "7.50")]
    [InlineData("\"type\": \"decimal\", \"precision\": 10, \"scale\": 2", "\"type\": \"decimal\", \"precision\": 10, \"scale\": 1", "1.25")]
    [InlineData("\"type\": \"integer\"", "\"type\": \"decimal\", \"precision\": 4, \"scale\": 2", "100")]
    [InlineData("\"type\": \"text\"", "\"type\": \"date\"", "'x'")]
    public async Task Type_change_that_would_lose_a_value_is_refused_unless_named(string before, string after, string value)
    {
        await ApplyAsync(new PackageBuilder().Entity("sample", $$"""{ "name": "field", {{before}} }"""));
        await InsertAsync("samples", "field", value);
        var changed = new PackageBuilder().Entity("sample", $$"""{ "name": "field", {{after}} }""");
        Assert.Equal("type_change_unsafe", Assert.Single((await PlanAsync(changed)).Problems).Code);
    }

    [Fact]
    public async Task Type_change_goes_through_when_its_values_may_be_deleted()
    {
        await ApplyAsync(new PackageBuilder().Entity("sample", """{ "name": "field", "type": "text", "unique": true }"""));
        await InsertAsync("samples", "field", "'x'");
        await ApplyAsync(new PackageBuilder().Entity("sample", """{ "name": "field", "type": "date", "unique": true }"""), "sample.field");
        Assert.Equal(DBNull.Value, await ScalarAsync("select field from {s}.samples"));
    }

    [Fact]
    public async Task Formula_that_is_new_or_changed_is_computed_in_all_records()
    {
        var with = (string b, string c) => new PackageBuilder().Entity("sample", """{ "name": "a", "type": "integer" }""",
            $$"""{ "name": "c", "type": "integer", "formula": "{{c}}" }""", $$"""{ "name": "b", "type": "integer", "formula": "{{b}}" }""");
        await ApplyAsync(new PackageBuilder().Entity("sample", """{ "name": "a", "type": "integer" }"""));
        await InsertAsync("samples", "a", "3");
        await ApplyAsync(with("a * 2", "b + 1"));
        Assert.Equal("6 7", await ScalarAsync("select b || ' ' || c from {s}.samples"));
        var plan = await ApplyAsync(with("a * 10", "b + 1"));
        Assert.Equal("30 31", await ScalarAsync("select b || ' ' || c from {s}.samples"));
        Assert.All(plan.Changes, change => Assert.Equal(ChangeKind.Recompute, change.Kind));
    }

    [Fact]
    public async Task Rollup_that_is_new_or_changed_is_computed_before_what_depends_on_it()
    {
        string[] line = ["""{ "name": "sample", "type": "lookup", "target": "sample" }""", """{ "name": "amount", "type": "money", "currency": "EUR" }""", """{ "name": "active", "type": "boolean" }"""];
        var with = (string where) => new PackageBuilder().Entity("line", line).Entity("sample",
            """{ "name": "twice", "type": "decimal", "formula": "total * 2" }""",
            $$"""{ "name": "total", "type": "money", "rollup": { "entity": "line", "via": "sample", "aggregate": "sum", "field": "amount"{{where}} } }""");
        await ApplyAsync(new PackageBuilder().Entity("line", line).Entity("sample"));
        await InsertAsync("samples");
        foreach (var (amount, active) in new[] { ("10", "true"), ("5", "false") })
            await InsertAsync("lines", "sample_id, amount, amount_currency, active", $"(select id from {{s}}.samples), {amount}, 'EUR', {active}");
        await ApplyAsync(with(""));
        Assert.Equal("15.00 EUR 30.00", await ScalarAsync("select total || ' ' || total_currency || ' ' || twice from {s}.samples"));
        await ApplyAsync(with(""", "where": "active" """));
        Assert.Equal("10.00 EUR 20.00", await ScalarAsync("select total || ' ' || total_currency || ' ' || twice from {s}.samples"));
    }

    [Fact]
    public async Task Money_formula_that_is_new_gets_its_currency()
    {
        await ApplyAsync(new PackageBuilder().Entity("sample", """{ "name": "a", "type": "integer" }"""));
        await InsertAsync("samples", "a", "3");
        await ApplyAsync(new PackageBuilder().Entity("sample", """{ "name": "a", "type": "integer" }""", """{ "name": "fee", "type": "money", "currency": "EUR", "formula": "a * 2" }"""));
        Assert.Equal("6.00 EUR", await ScalarAsync("select fee || ' ' || fee_currency from {s}.samples"));
    }

    [Fact]
    public async Task Index_on_a_big_table_is_left_for_later()
    {
        await ApplyAsync(new PackageBuilder().Entity("sample"));
        await ExecuteAsync("insert into {s}.samples (id, version, created_at, modified_at, title) select gen_random_uuid(), 1, now(), now(), n::text from generate_series(1, 50001) n");
        var plan = await ApplyAsync(new PackageBuilder().EntityWith("sample", "\"indexes\": [ { \"fields\": [\"title\"] } ]"));
        var index = Assert.Single(plan.Changes);
        Assert.True(index.IsDeferred);
        Assert.Contains("concurrently", Assert.Single(index.Sql));
    }
}
