namespace Xrm.Scripting.Tests;

/// <summary>Values that no form would ever send: scripts can make them.</summary>
public sealed class OddValueTests : IDisposable
{
    private readonly ScriptEngineTests _scripts = new();

    public void Dispose() => _scripts.Dispose();

    [Theory]
    [InlineData("new Date(2024, 1e18).getTime()", "NaN")]
    [InlineData("Date.UTC(1e9, 0)", "NaN")]
    [InlineData("new Date(0).setFullYear(2024, 1e18)", "NaN")]
    [InlineData("new Date(0).setUTCMonth(-1e18)", "NaN")]
    [InlineData("new Date(0).setHours(1e15)", "NaN")]
    [InlineData("new Date(0).setMilliseconds(1e300)", "NaN")]
    [InlineData("new (now.constructor)(1e18, 1).getTime()", "NaN")]
    [InlineData("(function () { var asked = 0; return Date.UTC(2024, { valueOf: function () { return asked++ ? 1e18 : 1; } }); })()", "1706745600000")]
    [InlineData("Date.UTC(2024, 1, 29, 12, 30)", "1709209800000")]
    [InlineData("new Date(2024, 1, 29).getTime()", "1709164800000")]
    [InlineData("new Date(0).setUTCMonth(13)", "34214400000")]
    [InlineData("new Date(0).setSeconds(1e8)", "100000000000")]
    [InlineData("now instanceof Date && now.constructor === Date", "true")]
    public async Task Dates_far_outside_are_no_dates_and_end_at_once(string script, string expected) =>
        Assert.Equal(expected, (await _scripts.RunAsync($"record.title = String({script});")).Changes["title"]);

    [Theory]
    [InlineData("record.sent_at = new Date(8.64e15);")]
    [InlineData("record.due = new Date(-8.64e15);")]
    public async Task A_date_that_no_calendar_has_is_told_with_its_field(string script)
    {
        var wrong = await Assert.ThrowsAsync<ScriptException>(() => _scripts.RunAsync(script));
        Assert.Equal("rule_value", wrong.Code);
        Assert.Contains("must be a date such as 2026-11-22", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create('invoice', { title: 'a\\ud800' });")]
    [InlineData("create('invoice', { 'a\\udc00': 1 });")]
    [InlineData("mail({ to: 'a@example.com', subject: '\\\\\\ud800\\ud800\\udc00' });")]
    public async Task Half_a_character_is_told_plainly(string script)
    {
        var wrong = await Assert.ThrowsAsync<ScriptException>(() => _scripts.RunAsync(script));
        Assert.Contains("half of a character", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_a_character_in_json_is_written_as_json_can()
    {
        var outcome = await _scripts.RunAsync("record.extra = ['\\ud800', '\\\\ud800', '\\ud83d\\ude00', '\\ude00\\ud83d'];");
        Assert.Equal("""["\ud800","\\ud800","😀","\ude00\ud83d"]""", outcome.Changes["extra"]);
    }

    [Theory]
    [InlineData("fail(text);")]
    [InlineData("warn(text);")]
    public async Task Messages_are_cut_where_nobody_reads_on(string script)
    {
        var outcome = await _scripts.RunAsync($"var text = 'x'; while (text.length < 5e5) text += text; {script}");
        Assert.Equal(2000, Assert.Single(outcome.Failures.Concat(outcome.Warnings)).Message.Length);
    }

    [Theory]
    [InlineData("throw text;")]
    [InlineData("throw new Error(text);")]
    public async Task What_is_thrown_is_cut_as_well(string script)
    {
        var wrong = await Assert.ThrowsAsync<ScriptException>(() => _scripts.RunAsync($"var text = 'x'; while (text.length < 5e5) text += text; {script}"));
        Assert.InRange(wrong.Message.Length, 2000, 2200);
    }
}
