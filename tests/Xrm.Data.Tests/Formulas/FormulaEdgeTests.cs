using System.Text.Json;
using Npgsql;
using Xrm.Formulas;
using Xrm.Formulas.Tests.Vectors;
using Xrm.Metadata.FieldTypes;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Formulas;

/// <summary>Every formula of the cases over rows of edge values: whatever the result is, memory and PostgreSQL must have the same.</summary>
public sealed class FormulaEdgeTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Formulas_give_the_same_over_edge_values() =>
        Assert.InRange(await CompareAsync("edges", VectorCase.All.Select(one => one.Formula).Distinct()), 2_500, int.MaxValue);

    [Fact]
    public async Task Formulas_put_together_at_random_give_the_same() =>
        Assert.InRange(await CompareAsync("random", RandomFormulas.Take(600)), 3_000, int.MaxValue);

    /// <summary>Runs the formulas over the rows of that folder, in memory and in SQL; gives how many it compared.</summary>
    private async Task<int> CompareAsync(string folder, IEnumerable<string> formulas)
    {
        await using var connection = await database.Database.OpenAsync(CancellationToken.None);
        using var rows = JsonDocument.Parse(await File.ReadAllTextAsync(Sample.PathTo($"{folder}/rows.json")));
        var differences = new List<string>();
        var compared = 0;
        foreach (var text in formulas)
        {
            var (formula, condition) = (Sample.Instance.Bind(text, FormulaUse.Value), Sample.Instance.Bind(text, FormulaUse.Condition));
            var row = 0;
            foreach (var scope in rows.RootElement.EnumerateArray().Select(values => new RowScope(values)))
            {
                var (inMemory, inSql) = (Canonical.Of(formula.Evaluate(scope)), await RunAsync(connection, formula, scope));
                if (inMemory != inSql) differences.Add($"row {row}: {text} is {inMemory ?? "null"} in memory, {inSql ?? "null"} in SQL");
                var (isTrue, isTrueInSql) = (Canonical.Of(condition.Evaluate(scope)), await RunAsync(connection, condition, scope) ?? "false");
                if (isTrue != isTrueInSql) differences.Add($"row {row}: {text} is {isTrue} in memory, {isTrueInSql} in SQL, as a condition");
                compared++;
                row++;
            }
        }
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        return compared;
    }

    private static async Task<string?> RunAsync(NpgsqlConnection connection, Formula formula, IFormulaScope scope)
    {
        var sql = new RowSql(scope);
        // As text: Npgsql cannot read all numbers of 28 digits.
        var isNumber = formula.Kind == ValueKind.Number;
        sql.Text(isNumber ? "cast(trim_scale(" : "");
        formula.WriteSql(sql);
        sql.Text(isNumber ? ") as text)" : "");
        await using var command = sql.ToCommand(connection);
        try
        {
            var value = await command.ExecuteScalarAsync();
            return value is DBNull ? null : Canonical.Of(value is DateTime { Kind: DateTimeKind.Unspecified } date ? DateOnly.FromDateTime(date) : value);
        }
        catch (PostgresException exception)
        {
            return $"{exception.MessageText}: {command.CommandText}";
        }
    }
}
