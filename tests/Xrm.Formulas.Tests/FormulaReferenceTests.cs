using System.Text;
using Xrm.Formulas.Functions;
using Xrm.Metadata.Tests;

namespace Xrm.Formulas.Tests;

public sealed class FormulaReferenceTests
{
    private const string Head = """
        # Formula reference

        A formula is an expression over a record's fields. It looks like JavaScript, has no side effects, and gives the same result in
        the server, in SQL and in the browser. The tables of functions are made from `engine/Xrm.Formulas/Functions`.

        ```
        addMonths(starts_on, months)
        status == 'active' && ends_on <= addDays(today(), 90)
        account.industry == 'energy' ? value * 2 : value
        ['draft', 'active'].includes(status)
        ```

        ## Names

        A field's name is its value; a lookup's name is the id that it holds. A point follows lookups: `account.industry`. Parts of
        composite fields have the name of their column: `value_currency`, `address_city`. `user.id` is the person at work, and
        `record` in a lookup's `filter` is the record that holds the lookup. Names of fields and functions do not
        get in each other's way.

        ## Values and operators

        | | |
        | --- | --- |
        | texts, numbers, truth, nothing | `'text'`, `12.5`, `true`, `false`, `null` |
        | a date | `'2026-11-23'`, beside a date field |
        | lists | `['a', 'b']`, to look something up in |
        | arithmetic | `+ - * / %`; exact decimals, never floating point; dividing by zero gives null |
        | comparison | `== != < <= > >=`; `===` is `==` |
        | logic | `&&`, `||`, `!`, `condition ? one : other`, `a ?? b` |

        `null`, `''`, `0`, `false` and an empty list are false, everything else is true: also in SQL. Arithmetic with null gives
        null; a comparison of sizes with null is false; `null == null` is true.

        ## Where formulas stand

        | place | must give | may ask |
        | --- | --- | --- |
        | `required`, `readonly`, `visible`, `validations`, transitions, workflows | true or false | everything |
        | filters of views and lookups, `where` of a rollup | true or false | not `isNew()`, `changed()` |
        | `formula` of a field | a value of the field's type | not `isNew()`, `changed()` |
        | defaults, values of workflow steps | a value of the field's type | everything |

        A formula that does not fit its place is an error of the package, with file, line and position.

        """;

    [Fact]
    public async Task Formula_reference_lists_every_function()
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        Table(page, "About the record, and general", FunctionList.Special);
        Table(page, "Dates and times", DateFunctions.All.Select(function => (function.Usage, function.Summary)));
        Table(page, "Numbers", NumberFunctions.All.Select(function => (function.Usage, function.Summary)));
        Table(page, "Texts", TextFunctions.All.Select(function => (function.Usage, function.Summary)));
        page.Append("\n## Behind a point\n\n| written | means |\n| --- | --- |\n");
        foreach (var (method, function) in FunctionList.Methods.OrderBy(pair => pair.Key, StringComparer.Ordinal)) page.Append($"| `x.{method}(…)` | `{function}(x, …)` |\n");
        await Generated.AssertCurrentAsync(Repository.PathTo("docs", "reference", "formulas.md"), page.ToString());
    }

    private static void Table(StringBuilder page, string title, IEnumerable<(string Usage, string Summary)> functions)
    {
        page.Append($"\n## {title}\n\n| function | gives |\n| --- | --- |\n");
        foreach (var (usage, summary) in functions.Distinct()) page.Append($"| `{usage}` | {summary.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
    }
}
