using Xrm.Data.Errors;
using Xrm.Server.OData;

namespace Xrm.Server.Tests.OData;

public sealed class FilterParserTests
{
    [Theory]
    [InlineData("title eq 'Rent'", "(title Equal 'Rent')")]
    [InlineData("title eq 'O''Neil; drop'", "(title Equal 'O'Neil; drop')")]
    [InlineData("title eq ''", "(title Equal '')")]
    [InlineData("title eq '''; drop table contracts; --'", "(title Equal ''; drop table contracts; --')")]
    [InlineData("title eq '日本 🏢 Ünïcode'", "(title Equal '日本 🏢 Ünïcode')")]
    [InlineData("value gt 100", "(value Greater Number:100)")]
    [InlineData("value ge -0.10", "(value GreaterOrEqual Number:-0.10)")]
    [InlineData("value lt 1e3", "(value Less Number:1000)")]
    [InlineData("value le 9999999999999999999999999.999", "(value LessOrEqual Number:9999999999999999999999999.999)")]
    [InlineData("starts_on ne 2026-02-28", "(starts_on NotEqual 2026-02-28)")]
    [InlineData("created_at ge 2026-01-01T01:30:00+01:30", "(created_at GreaterOrEqual 2026-01-01T00:00:00.0000000Z)")]
    [InlineData("created_at ge 2026-01-01T00:00Z", "(created_at GreaterOrEqual 2026-01-01T00:00:00.0000000Z)")]
    [InlineData("created_at ge 2026-01-01T00:00:00.123456Z", "(created_at GreaterOrEqual 2026-01-01T00:00:00.1234560Z)")]
    [InlineData("created_at ge 2026-01-01T00:00:00.1234567Z", "(created_at GreaterOrEqual 2026-01-01T00:00:00.1234560Z)")]
    [InlineData("created_at ge 2026-01-01T00:00:00.999999999999+01:00", "(created_at GreaterOrEqual 2025-12-31T23:00:00.9999990Z)")]
    [InlineData("opens eq 08:30:00.1234567", "(opens Equal 08:30:00.123456)")]
    [InlineData("opens eq 08:30:00", "(opens Equal 08:30:00)")]
    [InlineData("id eq 01234567-89ab-7def-8123-456789abcdef", "(id Equal Uuid:01234567-89ab-7def-8123-456789abcdef)")]
    [InlineData("id eq abcdef01-89ab-7def-8123-456789abcdef", "(id Equal Uuid:abcdef01-89ab-7def-8123-456789abcdef)")]
    [InlineData("active eq true", "(active Equal Boolean:True)")]
    [InlineData("active", "active")]
    [InlineData("not active", "Not(active)")]
    [InlineData("account_id eq null", "(account_id Equal null)")]
    [InlineData("account/industry eq 'tech'", "(account/industry Equal 'tech')")]
    [InlineData("account/parent/name eq 'x'", "(account/parent/name Equal 'x')")]
    [InlineData("a eq 1 or b eq 2 and c eq 3", "((a Equal Number:1) Or ((b Equal Number:2) And (c Equal Number:3)))")]
    [InlineData("(a eq 1 or b eq 2) and c eq 3", "(((a Equal Number:1) Or (b Equal Number:2)) And (c Equal Number:3))")]
    [InlineData("not a eq true and b eq 2", "((Not(a) Equal Boolean:True) And (b Equal Number:2))")]
    [InlineData("a add b mul 2 sub -1 eq -c", "(((a Add (b Multiply Number:2)) Subtract Number:-1) Equal Negate(c))")]
    [InlineData("(a add b) divby 2 mod 3 div 4 gt 0", "(((((a Add b) DivideBy Number:2) Modulo Number:3) Divide Number:4) Greater Number:0)")]
    [InlineData("a eq b eq true", "((a Equal b) Equal Boolean:True)")]
    [InlineData("- (a) gt -(-b)", "(Negate(a) Greater Negate(Negate(b)))")]
    [InlineData("labels has 'x'", "(labels Has 'x')")]
    [InlineData("lines/any()", "Any(lines)")]
    [InlineData("lines/any(l:l/amount gt 1)", "Any(lines, l: (l/amount Greater Number:1))")]
    [InlineData("account/contracts/all( c : c/lines/any(l: l/amount gt c/value) )", "All(account/contracts, c: Any(c/lines, l: (l/amount Greater c/value)))")]
    [InlineData("not lines/any(l:l/product eq $it/title)", "Not(Any(lines, l: (l/product Equal $it/title)))")]
    [InlineData("lines/$count gt 2", "(Count(lines) Greater Number:2)")]
    [InlineData("lines/$count($filter=amount gt 1) eq 0", "(Count(lines, (amount Greater Number:1)) Equal Number:0)")]
    [InlineData("any eq 1 or all/any eq 2", "((any Equal Number:1) Or (all/any Equal Number:2))")]
    [InlineData("substring(title,1,2) eq trim(concat(a,b))", "(Substring(title, Number:1, Number:2) Equal Trim(Concat(a, b)))")]
    [InlineData("year(now()) sub 1 eq year(starts_on)", "((Year(Now()) Subtract Number:1) Equal Year(starts_on))")]
    [InlineData("not (a eq 1 and b eq 2)", "Not(((a Equal Number:1) And (b Equal Number:2)))")]
    [InlineData("status in ('draft','active')", "status In ['draft', 'active']")]
    [InlineData("status in ( 'draft' , null )", "status In ['draft', null]")]
    [InlineData("contains(title,'50%')", "Contains(title, '50%')")]
    [InlineData("startswith(tolower(title), 'a')", "StartsWith(ToLower(title), 'a')")]
    [InlineData("contains(title,'a') eq true", "(Contains(title, 'a') Equal Boolean:True)")]
    [InlineData("NOT a Eq 1 AND B GE 2 Or c IN ('x')", "(((Not(a) Equal Number:1) And (B GreaterOrEqual Number:2)) Or c In ['x'])")]
    [InlineData("CONTAINS(ToLower(title),'A') and Lines/ANY(l:l/amount ADD 1 gt 2) and active eq True", "((Contains(ToLower(title), 'A') And Any(Lines, l: ((l/amount Add Number:1) Greater Number:2))) And (active Equal Boolean:True))")]
    [InlineData("  a   eq\t1  ", "(a Equal Number:1)")]
    public void A_condition_is_understood_as_OData_says(string filter, string expected) =>
        Assert.Equal(expected, QueryPrinter.Print(ODataUrl.Parse("?$filter=" + Uri.EscapeDataString(filter)).Filter));

    [Theory]
    [InlineData("title eq", "$filter, character 9: expected a property, a constant, a function or '(', but it ends.")]
    [InlineData("created_at ge 2026-01-01T00:00:00.1234567890123Z", "$filter, character 15: expected a date and time with its zone, such as 2026-11-22T10:00:00Z (write + as %2B in a URL), but there is '2026-01-01T00:00:00.1234567890123Z'.")]
    [InlineData("title 'Rent'", "$filter, character 7: expected the end, or an operator, but there is ''Rent''.")]
    [InlineData("title eq 'Rent", "$filter, character 10: the text that begins here has no closing quote. A quote inside a text is written twice.")]
    [InlineData("title eq \"Rent\"", "$filter, character 10: the sign '\"' has no meaning here. Texts stand in single quotes.")]
    [InlineData("(a eq 1", "$filter, character 8: expected ')', but it ends.")]
    [InlineData("a eq 1)", "$filter, character 7: expected the end, or an operator, but there is ')'.")]
    [InlineData("a in ()", "$filter, character 7: expected a constant, but there is ')'.")]
    [InlineData("a in ('x'", "$filter, character 10: expected ',' or ')', but it ends.")]
    [InlineData("sleep(10)", "$filter, character 1: there is no function 'sleep'. There are ceiling, concat, contains, date, day, endswith, floor, fractionalseconds, hour, indexof, length, matchesPattern, maxdatetime, mindatetime, minute, month, now, round, second, startswith, substring, time, tolower, totaloffsetminutes, toupper, trim, year.")]
    [InlineData("contains(title)", "$filter, character 15: expected ',', but there is ')'.")]
    [InlineData("a eq 12abc", "$filter, character 6: expected a number, but there is '12abc'.")]
    [InlineData("a eq 1.", "$filter, character 6: expected a number, but there is '1.'.")]
    [InlineData("a eq 12345678901234567890123456789", "$filter, character 6: a number may have 28 digits.")]
    [InlineData("a eq 2026-02-30", "$filter, character 6: expected a date such as 2026-11-22, but there is '2026-02-30'.")]
    [InlineData("a eq 2026-02-28T10:00:00", "$filter, character 6: expected a date and time with its zone, such as 2026-11-22T10:00:00Z (write + as %2B in a URL), but there is '2026-02-28T10:00:00'.")]
    [InlineData("a eq 2026-06-30T23:59:60Z", "$filter, character 6: expected a date and time with its zone, such as 2026-11-22T10:00:00Z (write + as %2B in a URL), but there is '2026-06-30T23:59:60Z'.")]
    [InlineData("a eq 1; drop table x", "$filter, character 7: expected the end, or an operator, but there is ';'.")]
    [InlineData("a eq 1 -- x", "$filter, character 8: expected the end, or an operator, but there is '-'.")]
    [InlineData("lines/all()", "$filter, character 11: expected a name for an item, such as x: x/amount gt 1, but there is ')'.")]
    [InlineData("lines/any(l l/amount gt 1)", "$filter, character 13: expected ':', but there is 'l'.")]
    [InlineData("lines/$count(amount gt 1)", "$filter, character 14: expected $filter, but there is 'amount'.")]
    [InlineData("substring(a)", "$filter, character 12: expected ',', but there is ')'.")]
    [InlineData("now(1)", "$filter, character 5: expected ')', but there is '1'.")]
    [InlineData("a eq 'x\0y'", "$filter, character 6: the text contains a character that no text can have (U+0000, or half of a surrogate pair).")]
    [InlineData("a eq 1:T", "$filter, character 7: expected the end, or an operator, but there is ':'.")]
    [InlineData("a eq '\u0001'\u0001", "$filter, character 9: the sign 'U+0001' has no meaning here. Texts stand in single quotes.")]
    [InlineData("", "$filter, character 1: expected a property, a constant, a function or '(', but it ends.")]
    public void A_mistake_is_named_with_its_position_and_what_was_expected(string filter, string message)
    {
        var error = Assert.Throws<XrmException>(() => ODataUrl.Parse("?$filter=" + Uri.EscapeDataString(filter)));
        Assert.Equal((400, "query_not_understood", message), (error.Status, error.Code, error.Message));
    }

    [Theory]
    [InlineData("(", 41, "a eq 1", ")", "A condition may be nested 40 deep.")]
    [InlineData("not ", 41, "a", "", "A condition may be nested 40 deep.")]
    [InlineData("tolower(", 41, "a", ")", "A condition may be nested 40 deep.")]
    [InlineData("a or ", 501, "a", "", "A condition may have 500 terms.")]
    [InlineData("- ", 41, "a", "", "A condition may be nested 40 deep.")]
    [InlineData("a/any(b:", 21, "b", ")", "A condition may have 20 of any, all, $count and $root.")]
    [InlineData("a/", 6, "a", "", "A path may have 6 names.")]
    [InlineData("aaaaaaaaaa", 1639, "a", "", "$filter may have 16384 characters.")]
    public void A_condition_beyond_a_limit_is_refused_with_the_limit(string before, int times, string middle, string after, string message)
    {
        var filter = string.Concat(Enumerable.Repeat(before, times)) + middle + string.Concat(Enumerable.Repeat(after, times));
        var error = Assert.Throws<XrmException>(() => ODataUrl.Parse("?$filter=" + Uri.EscapeDataString(filter)));
        Assert.Equal((400, "query_too_large", message), (error.Status, error.Code, error.Message));
    }

    [Fact]
    public void A_list_beyond_its_limit_is_refused_with_the_limit()
    {
        var filter = $"a in ({string.Join(",", Enumerable.Range(0, 1001))})";
        Assert.Equal("A list may have 1000 constants.", Assert.Throws<XrmException>(() => ODataUrl.Parse("?$filter=" + filter)).Message);
    }

    [Fact]
    public void Random_garbage_is_refused_and_never_crashes()
    {
        string[] parts = ["a", "eq", "not", "(", ")", "'", "''", "in", ",", "/", "1", "-", "2026-01-01", "null", "contains", "any(", "all(", "x:", "/$count", "add", "divby", "has", "$it", "$", ";", "=", "*", "\0", "é", "\ud83c", " ", "01234567-", ":", "T", "and", "or"];
        var random = new Random(20261122);
        for (var round = 0; round < 50_000; round++)
        {
            var filter = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)] + (random.Next(2) == 0 ? " " : "")));
            try
            {
                ODataUrl.Parse($"?$filter={filter}&$expand={filter}&$orderby={filter}");
            }
            catch (XrmException error)
            {
                Assert.Equal(400, error.Status);
            }
        }
    }
}
