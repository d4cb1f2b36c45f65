using System.Text;
using Xrm.Formulas.Functions;
using Xrm.Formulas.Tests.Vectors;
using Xrm.Metadata.Tests;

namespace Xrm.Formulas.Tests;

public sealed class FormulaReferenceTests
{
    private const string Head = """
        # Formula reference

        A formula is a JavaScript expression without side effects over the fields of a record. The engine reads and checks it when a package
        is published, and runs it in three places: in memory before a save, in PostgreSQL as part of queries, and in the browser while
        people type. All three give the same result to the last digit; `tests/vectors/formulas` proves it. Where they could differ, the
        publish refuses the formula and says why. The tables of functions are made from `engine/Xrm.Formulas/Functions`.

        ```
        addMonths(starts_on, months)
        status == 'active' && ends_on <= addDays(today(), 90)
        account.industry == 'energy' ? value * 2 : value
        ['draft', 'active'].includes(status)
        ```

        | where it stands | what it must give |
        | --- | --- |
        | `required`, `readonly`, `visible` of a field; `visible` of a tab or section; `when` of a validation, transition, trigger or step | true or false for the record at hand |
        | `filter` of a view; `where` of a rollup; `filter` of a lookup (over the target; the record that holds the lookup is `record`); `filter` of a role's rights | true or false in queries: `isNew()` and `changed()` have no meaning there |
        | `formula` of a field | a value that fits the field |
        | `default: { "formula": … }`, values that workflows set | a value that fits the field |
        | `to` and `until` of a step | addresses; a date or a moment |

        ## What can be written

        | | |
        | --- | --- |
        | constants | `12`, `1200.50`, `'text'` or `"text"` (escapes `\n \t \\ \' \" \u00e9`), `true`, `false`, `null` |
        | fields | `title`, `account.industry` (through lookups of one entity, up to 8 of them), `value_currency` (a further column), `account.id`. `record.title` is the same as `title`, for names that mean something else |
        | settings | `setting('company').currency` (of [the one record](../how-to/settings.md) of an entity; through its lookups too) |
        | the person | `user.id`, `user.name`, `user.displayName`, `user.roles`; and what stands in the fields of their record of the entity `user`: `user.region`, `user.business_unit`. Not what is computed there |
        | calculate | `+ - * / %`, `-x` |
        | compare | `== != < <= > >=`; `===` and `!==` are the same as `==` and `!=` |
        | decide | `!x`, `a && b`, `a \|\| b`, `a ?? b`, `test ? a : b` |
        | lists | `['draft', 'active'].includes(status)`, `interests.includes('golf')` |
        | functions | see below; some can be written behind a value: `title.startsWith('A')`, `title.length` |

        A text written where a date, a moment, a time or an id is wanted means one: `starts_on >= '2024-12-31'`,
        `seen_at < '2024-12-31T23:59:59Z'`, `opens == '09:00'`. A constant compared with a choice must be one of its options.

        ## Rules

        **Truth.** `null`, `false`, `0`, empty text and the empty list count as false; everything else as true, also in SQL. `!x` is true or
        false. `a && b` and `a || b` give one of their sides, as in JavaScript; where the sides are of different kinds, only the truth of
        the result may be used (`!!(a && b)` makes it true or false).

        **Null.** Calculating with null gives null, joining texts by `+` too (`concat` leaves nulls out). `null == null` is true, null equals
        nothing else, and `!=` is always the opposite of `==`. `<`, `<=`, `>`, `>=` are false where a side is null. Functions give null for
        null, and false where they answer yes or no; the table names the others. A value of a record that is not there (`account.industry`
        without an account) is null.

        **Numbers** are exact decimals, fields of type `float` too (by their first 15 digits). Results have 12 digits after the point, halves
        rounded away from zero: `2 / 3` is `0.666666666667`. Dividing by zero gives null. Numbers have up to 28 digits, those after the
        point included; a longer one is null in memory and in the browser, while PostgreSQL still calculates with it: the one known
        difference. A computed value is rounded to the scale of its field, and null where the field has too few digits for it.

        **Texts** are compared by code point: `'Z' < 'a'`, and `'a' == 'A'` is false. A character is a code point. Capital and small
        letters are those of Unicode as the database and the browser know it: of letters that came with Unicode 11 and later, such as Georgian capitals, the two can differ.

        **Dates** are days without a time; `date ± number` adds days and `date - date` gives days. Moments (`datetime`) are UTC; which day a
        moment belongs to is decided in the time zone of the organisation, the same for everybody everywhere: `"timeZone": "Europe/Berlin"` in one manifest
        (UTC where none says it), with its summer time. The functions of `$filter`, automatic numbers and the days of exchange rates go by UTC. Dates
        lie in the years 1 to 9999; a result outside is null.

        **Kinds** do not mix: a text is no number and a date no moment; `number(…)`, `text(…)` and `date(…)` convert.

        ## Stored or computed

        A computed field that asks only for values of its own record is stored and kept right on every save, and by
        [the publish](../decisions/0015-values-computed-after-a-publish.md) that changes its formula. One that reaches other records,
        or asks for [settings](../how-to/settings.md), the time, the user, system fields such as `version`, or a [rollup that is not stored](rollups.md#stored-or-computed), is computed
        where it is read: in lists, filters, sorts and totals, too. Fields that need one another in a circle are refused, also across entities and
        rollups. What a stored rollup adds up and its `where` must be stored values.

        **Size.** A field that is computed where it is read is worked out anew wherever another one asks for it: `f2 = f1 + f1` asks for twice as much as `f1`, and the
        tenth such field for a thousand times as much. A formula or rollup may ask for 2,000 values, those of the computed fields in it and the lookups on the way
        included, and 40 such fields may ask for one another in a row. What is larger is refused with the fields that lead there. Ask for a field once where you can
        (`f1 * 2`); a stored one counts as one value.

        **Rights.** A formula is the model's word: it reads every value that it names, also those that its reader may not see, and who may read the result is said by the
        `access` of the computed field. Such a field can be filtered, sorted and totalled by whoever may read it, so that a formula of a field that some may not see needs an `access` of its own.

        """;

    private const string Tail = """

        ## Mistakes

        | code | meaning |
        | --- | --- |
        | `formula_syntax` | not an expression of this language |
        | `formula_unknown_name` | the record has no such field, or the value no such part |
        | `formula_unknown_function` | there is no such function |
        | `formula_unknown_option` | the choice field has no such option |
        | `formula_kind` | a value of a kind that does not fit |
        | `formula_use` | something that cannot be asked in this place |
        | `formula_cycle` | computed fields that need one another |
        | `formula_rollup` | a rollup over values that change without the counted record being saved |
        | `formula_size` | too large, together with the computed fields that it asks for |

        Every mistake names file, line, JSON path and the character of the formula, and says what would be right.

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
        page.Append(Tail.ReplaceLineEndings("\n"));
        await Generated.AssertCurrentAsync(Repository.PathTo("docs", "reference", "formulas.md"), page.ToString());
    }

    [Fact]
    public void Formula_reference_lists_every_code_of_a_mistake()
    {
        var codes = typeof(FormulaProblems).GetFields().Select(field => (string)field.GetRawConstantValue()!);

        Assert.All(codes, code => Assert.Contains($"| `{code}` |", Tail, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_function_has_a_case_that_all_evaluators_agree_on()
    {
        var formulas = VectorCase.All.Select(one => one.Formula).ToArray();

        Assert.All(FunctionList.Names.Except(["isNew", "changed"]), name => Assert.Contains(formulas, formula => formula.Contains(name + "(", StringComparison.Ordinal)));
    }

    private static void Table(StringBuilder page, string title, IEnumerable<(string Usage, string Summary)> functions)
    {
        page.Append($"\n## {title}\n\n| function | gives |\n| --- | --- |\n");
        foreach (var (usage, summary) in functions.Distinct()) page.Append($"| `{usage}` | {summary.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
    }
}
