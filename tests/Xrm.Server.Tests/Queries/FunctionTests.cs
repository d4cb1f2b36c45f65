using Xrm.Data.Errors;

namespace Xrm.Server.Tests.Queries;

/// <summary>Calculations and functions in conditions.</summary>
public sealed class FunctionTests(QueryDatabase database) : IClassFixture<QueryDatabase>
{
    [Theory]
    [InlineData("months add 1 eq 13", "C-00001")]
    [InlineData("months sub 6 eq 0", "C-00002")]
    [InlineData("value mul 2 eq 21", "C-00001")]
    [InlineData("value mul 100 eq 999999999999", "C-00002")]
    [InlineData("value add 0.01 eq 10000000000", "C-00002")]
    [InlineData("months div 5 eq 2", "C-00001")]
    [InlineData("months divby 5 eq 2.4", "C-00001")]
    [InlineData("-7 div 2 eq -3 and -7 mod 2 eq -1", "C-00001 C-00002 C-00003")]
    [InlineData("7 divby 2 eq 3.5 and 7 div 2 eq 3", "C-00001 C-00002 C-00003")]
    [InlineData("months mod 5 eq 1", "C-00002")]
    [InlineData("value mod 1 eq 0.5", "C-00001")]
    [InlineData("-months lt -6", "C-00001")]
    [InlineData("- -months eq 12", "C-00001")]
    [InlineData("months div 0 eq null", "C-00001 C-00002 C-00003")]
    [InlineData("months mod (months sub 12) eq null", "C-00001 C-00003")]
    [InlineData("value divby 0 gt 1", "")]
    [InlineData("months add null eq null", "C-00001 C-00002 C-00003")]
    [InlineData("9223372036854775807.0 add 1 gt 9223372036854775807", "C-00001 C-00002 C-00003")]
    [InlineData("account/score mul 2 eq 3", "C-00001")]
    [InlineData("account/score mod 1 eq 0.5", "C-00001")]
    [InlineData("length(title) eq 4", "C-00002")]
    [InlineData("length('🏢') eq 1 and number eq 'C-00001'", "C-00001")]
    [InlineData("indexof(title,'ph') eq 2", "C-00001")]
    [InlineData("indexof(title,'zz') eq -1", "C-00001 C-00002 C-00003")]
    [InlineData("substring(title,1) eq 'eta'", "C-00002")]
    [InlineData("substring(title,1,2) eq 'lp'", "C-00001")]
    [InlineData("substring(title,-2) eq 'ta'", "C-00002")]
    [InlineData("substring(title,9223372036854775807,9223372036854775807) eq ''", "C-00001 C-00002 C-00003")]
    [InlineData("substring(title,-9223372036854775807,-1) eq ''", "C-00001 C-00002 C-00003")]
    [InlineData("substring(title,months sub 11,2) eq 'lp'", "C-00001")]
    [InlineData("substring(title,months) eq null", "C-00003")]
    [InlineData("concat(concat(title,'-'),number) eq 'Alpha-C-00001'", "C-00001")]
    [InlineData("concat(title,status) eq null", "C-00003")]
    [InlineData("trim(concat('  ',title)) eq 'beta'", "C-00002")]
    [InlineData("matchesPattern(title,'^[A-Z][a-z]{2,5}$')", "C-00001")]
    [InlineData("matchesPattern(number,'\\d+[12]$') and not matchesPattern(title,'^b')", "C-00001")]
    [InlineData("matchesPattern(number,'^[A-C\\-]+[\\d]{5}$') and matchesPattern(title,'^(Al|be)(?:pha|ta)$')", "C-00001 C-00002")]
    [InlineData("year(starts_on) eq 2026 and month(starts_on) eq 6 and day(starts_on) eq 1", "C-00002")]
    [InlineData("year(0001-01-01) eq 1 and year(9999-12-31) eq 9999 and months eq 6", "C-00002")]
    [InlineData("hour(opens) eq 8 and minute(opens) eq 30 and second(opens) eq 0", "C-00001")]
    [InlineData("hour(signed_at) eq 10 and fractionalseconds(signed_at) eq 0.5 and totaloffsetminutes(signed_at) eq 0", "C-00001")]
    [InlineData("date(signed_at) eq 2026-01-01 and time(signed_at) eq 10:00:00.5", "C-00001")]
    [InlineData("date(signed_at) eq starts_on", "C-00001 C-00003")]
    [InlineData("now() eq 2026-11-22T10:00:00Z and months eq 6", "C-00002")]
    [InlineData("signed_at gt mindatetime() and signed_at lt maxdatetime()", "C-00001")]
    [InlineData("year(mindatetime()) eq 1 and year(maxdatetime()) eq 9999 and months eq 6", "C-00002")]
    [InlineData("round(value) eq 11 and floor(value) eq 10 and ceiling(value) eq 11", "C-00001")]
    [InlineData("round(-2.5) eq -3 and round(account/score) eq 2 and floor(account/score) eq 1", "C-00001")]
    [InlineData("round(months) eq 6", "C-00002")]
    [InlineData("year(null) eq null and round(null) eq null and months eq 6", "C-00002")]
    [InlineData("case(months gt 10:'long',months gt 1:'short',true:'none') eq 'short'", "C-00002")]
    [InlineData("case(months gt 10:1,months gt 1:2.5) ge 2.5", "C-00002")]
    [InlineData("case(months gt 100:1) eq null and months eq 6", "C-00002")]
    [InlineData("case(status eq 'draft':months gt 1,true:false)", "C-00001")]
    [InlineData("case(months gt 10:starts_on,true:null) eq 2026-01-01", "C-00001")]
    [InlineData("cast(months,Edm.String) eq '12'", "C-00001")]
    [InlineData("concat(cast(value,Edm.String),cast(starts_on,Edm.String)) eq '10.502026-01-01'", "C-00001")]
    [InlineData("cast(signed_at,Edm.Date) eq 2026-01-01 and cast(starts_on,Edm.DateTimeOffset) eq 2026-01-01T00:00:00Z", "C-00001")]
    [InlineData("cast(months,Edm.Decimal) div 5 eq 2.4 and cast(null,Edm.String) eq null", "C-00001")]
    [InlineData("signed_at add duration'P1DT30M' eq 2026-01-02T10:30:00.5Z", "C-00001")]
    [InlineData("starts_on sub duration'P31D' eq 2025-12-01", "C-00001")]
    [InlineData("duration'PT0.5S' add signed_at eq 2026-01-01T10:00:01Z", "C-00001")]
    [InlineData("signed_at gt now() sub duration'P400D' and signed_at lt now() add duration'-P1D'", "C-00001")]
    [InlineData("months eq 12L and value eq 10.5M and account/score eq 1.5d", "C-00001")]
    public async Task An_expression_has_the_value_that_OData_says(string filter, string expected) =>
        Assert.Equal(expected, await database.ValuesAsync("contracts", "number", $"?$orderby=number&$filter={Uri.EscapeDataString(filter)}", "reader"));

    [Theory]
    [InlineData("$filter=months eq @m and title ne @t&@m=12&@t='x'", "C-00001")]
    [InlineData("$filter=@c&@c=months eq 6 or months eq 12&$orderby=@by desc&@by=months", "C-00001 C-00002")]
    [InlineData("$filter=lines/any(l: l/amount gt @least)&@least=2&@unused=1&$orderby=number", "C-00001 C-00002")]
    public async Task What_stands_elsewhere_in_the_URL_has_a_name(string query, string expected) =>
        Assert.Equal(expected, await database.ValuesAsync("contracts", "number", $"?{query.Replace(" ", "%20", StringComparison.Ordinal)}", "reader"));

    [Fact]
    public async Task Related_records_have_computed_values_too()
    {
        var answer = await database.ListAsync("contracts", "?$select=number&$filter=number eq 'C-00001'&$expand=lines($compute=amount mul 2 as twice;$select=product,twice;$filter=twice gt @n;$orderby=twice desc)&@n=2", "reader");
        Assert.All(answer["value"]![0]!["lines"]!.AsArray(), line => Assert.True(line!["twice"]!.GetValue<decimal>() > 2));
        Assert.NotEmpty(answer["value"]![0]!["lines"]!.AsArray());
    }

    [Theory]
    [InlineData("$filter=months eq @m", "query_not_understood", "$filter, character 11: there is no @m in the URL: add &@m=… to it.")]
    [InlineData("$filter=months eq @m&@m=@m", "query_not_understood", "@m, character 1: there is no @m in the URL: add &@m=… to it.")]
    [InlineData("$filter=months eq @m&@m=1&@m=2", "query_not_understood", "@m is given twice.")]
    [InlineData("$filter=months eq @m&@m=1) or (true", "query_not_understood", "@m, character 2: expected the end, or an operator, but there is ')'.")]
    [InlineData("$filter=case(months:1) eq 1", "wrong_type", "'months' (character 6) is not a condition: it is not true or false.")]
    [InlineData("$filter=case(true:1,false:'x') eq 1", "wrong_type", "The values of case (character 1) are of different types.")]
    [InlineData("$filter=cast(title,Edm.Int64) eq 1", "wrong_type", "'title' (character 6) cannot be cast to Edm.Int64.")]
    [InlineData("$filter=cast(title,Edm.Binary) eq 1", "wrong_type", "cast (character 1) knows Edm.String, Edm.Int64, Edm.Decimal, Edm.Double, Edm.Date and Edm.DateTimeOffset, not 'Edm.Binary'.")]
    [InlineData("$filter=signed_at add duration'P1M' gt now()", "query_not_understood", "$filter, character 15: expected a duration such as duration'P1DT2H30M', but there is 'duration'P1M''.")]
    [InlineData("$filter=starts_on add duration'PT1H' gt 2026-01-01", "wrong_type", "'starts_on' is a date: what is added to it (character 11) has whole days.")]
    [InlineData("$filter=months add duration'P1D' gt 1", "wrong_type", "A duration (character 12) can only be added to a date or an instant, or subtracted from it.")]
    [InlineData("$filter=duration'P1D' sub starts_on gt 1", "wrong_type", "A duration (character 1) can only be added to a date or an instant, or subtracted from it.")]
    [InlineData("$filter=duration'P1D' eq months", "wrong_type", "'months' is compared with a duration (character 1), but it is a whole number.")]
    [InlineData("$filter=isoff(title)", "query_not_understood", "there is no function 'isoff'")]
    [InlineData("$expand=account($compute=score mul 2 as twice)", "not_filterable", "'account' is one record: only $select and $expand apply to it.")]
    public async Task What_does_not_fit_together_is_refused(string query, string code, string message)
    {
        var error = await Assert.ThrowsAsync<XrmException>(() => database.ListAsync("contracts", $"?{query.Replace(" ", "%20", StringComparison.Ordinal)}", "reader"));
        Assert.Equal((400, code), (error.Status, error.Code));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public async Task A_moment_beyond_the_end_of_time_is_refused_by_the_database()
    {
        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => database.ListAsync("contracts", $"?$filter=signed_at{string.Concat(Enumerable.Repeat("%20add%20duration'P10000000D'", 11))}%20gt%20now()", "reader"));
        Assert.Equal("date_out_of_range", DatabaseErrors.Translate(error)!.Code);
    }

    [Theory]
    [InlineData("length(title),number", "C-00002 C-00001 C-00003")]
    [InlineData("months mul -1", "C-00003 C-00001 C-00002")]
    [InlineData("contains(title,'e') desc,number", "C-00002 C-00003 C-00001")]
    public async Task Rows_are_sorted_by_an_expression(string order, string expected) =>
        Assert.Equal(expected, await database.ValuesAsync("contracts", "number", $"?$orderby={Uri.EscapeDataString(order)}", "reader"));

    [Theory]
    [InlineData("title add 1 gt 2", "'title' (character 1) is not a number: it cannot be calculated with.")]
    [InlineData("months add 'x' gt 2", "'the constant' (character 12) is not a number: it cannot be calculated with.")]
    [InlineData("-title gt 2", "'title' (character 2) is not a number: it cannot be calculated with.")]
    [InlineData("length(months) gt 2", "'months' (character 8) is not a text, as length needs it.")]
    [InlineData("year(opens) gt 2", "'opens' (character 6) is not a date or an instant, as year needs it.")]
    [InlineData("date(starts_on) eq 2026-01-01", "'starts_on' (character 6) is not an instant, as date needs it.")]
    [InlineData("substring(title,1.5) eq 'x'", "'the constant' (character 17) is not a whole number, as substring needs it.")]
    [InlineData("not title eq 'x'", "'title' (character 5) is not a condition: it is not true or false.")]
    [InlineData("'x'", "'the constant' (character 1) is not a condition: it is not true or false.")]
    [InlineData("months eq 1 and 2026-01-01", "'the constant' (character 17) is not a condition: it is not true or false.")]
    [InlineData("months add 1", "'the result' (character 8) is not a condition: it is not true or false.")]
    [InlineData("matchesPattern(title,title)", "matchesPattern (character 1) needs its pattern as a text in quotes.")]
    [InlineData("matchesPattern(title,'(a')", "The pattern of matchesPattern (character 22) has a '(' without its ')'.")]
    [InlineData("matchesPattern(title,'(a*)*\\1')", "The pattern of matchesPattern (character 22) has '\\1', which is not known. There are \\d, \\D, \\s, \\S, \\w, \\W, and signs after a '\\'.")]
    [InlineData("matchesPattern(title,'((a{200}){200}){200}')", "The pattern of matchesPattern (character 22) repeats too much: its numbers in '{…}' may be 255, and 1000 multiplied with each other.")]
    [InlineData("matchesPattern(title,'***=x')", "The pattern of matchesPattern (character 22) has a '*' with nothing to repeat.")]
    [InlineData("matchesPattern(title,'[[:alpha:]]')", "The pattern of matchesPattern (character 22) has a '[' inside of '[…]': write it as '\\['.")]
    [InlineData("matchesPattern(title,'[\\d-z]')", "The pattern of matchesPattern (character 22) has a range that begins with an escaped sign.")]
    [InlineData("matchesPattern(title,'[a-\\d]')", "The pattern of matchesPattern (character 22) has a range whose end comes before its beginning, or that is not between two letters or digits.")]
    [InlineData("matchesPattern(title,'(?i)a')", "The pattern of matchesPattern (character 22) has a group that begins with '(?': only '(' and '(?:' are known.")]
    public async Task An_expression_that_does_not_fit_is_refused(string filter, string message)
    {
        var error = await Assert.ThrowsAsync<XrmException>(() => database.ListAsync("contracts", $"?$filter={Uri.EscapeDataString(filter)}", "reader"));
        Assert.Equal((400, "wrong_type", message), (error.Status, error.Code, error.Message));
    }
}
