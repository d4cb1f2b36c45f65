namespace Xrm.Scripting.Tests;

/// <summary>What scripts mention, as where-used lists it: on invoices, whose <c>account</c> is an invoice, too.</summary>
public sealed class ScriptReferencesTests
{
    [Theory]
    [InlineData("record.title = 'x';", "invoice.title")]
    [InlineData("if (previous?.['paid']) log(record . amount);", "invoice.amount invoice.paid")]
    [InlineData("var o = {}; o.title = o['paid'];", "")]
    [InlineData("// record.title\n/* record.paid */ log('record.amount');", "")]
    [InlineData("query('invoice', { where: { paid: true, 'account.due': today }, orderBy: 'amount desc' });", "invoice invoice.account invoice.amount invoice.due invoice.paid")]
    [InlineData("const made = create(\"invoice\", { title, count: (1 + 2) }); other({ paid: 1 });", "invoice invoice.count invoice.title")]
    [InlineData("var bill = get('invoice', record.account); log(bill.title); update('invoice', bill.id, { due: today });", "invoice invoice.account invoice.due invoice.id invoice.title")]
    [InlineData("onChange('paid', async () => { form.lock(['amount', `due`]); await form.show('count'); });", "invoice.amount invoice.count invoice.due invoice.paid")]
    [InlineData("onChange(['paid', 'amount'], () => {}); fail('title', `It's ${record.count}.`); other('due');", "invoice.amount invoice.count invoice.paid invoice.title")]
    [InlineData("get('nothing', 'title'); a.get('invoice', { paid: 1 });", "")]
    [InlineData("if (/['\"]/.test(x)) record.title = 1;\nrecord.paid = true;", "invoice.paid invoice.title|invoice.paid")]
    public void Names_are_found(string script, string expected)
    {
        var found = ScriptEngine.References(RuleOn.Model(script), RuleOn.Model("")).Select(reference => reference.Of.Name).Distinct().Order(StringComparer.Ordinal);
        Assert.Contains(string.Join(' ', found), expected.Split('|'));
    }

    [Fact]
    public void Lines_are_those_of_the_file() =>
        Assert.Equal([3, 5], ScriptEngine.References(RuleOn.Model("// one\n/* two\n*/ record.title = 'a';\n\nrecord.paid = true;"), RuleOn.Model("")).Select(reference => reference.Location.Line));
}
