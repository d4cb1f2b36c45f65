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
    private static readonly JsonElement[] Rows = [.. JsonDocument.Parse(File.ReadAllText(Sample.PathTo("edges/rows.json"))).RootElement.EnumerateArray()];

    [Fact]
    public async Task Formulas_give_the_same_over_edge_values()
    {
        await using var connection = await database.Database.OpenAsync(CancellationToken.None);
        var differences = new List<string>();
        foreach (var text in VectorCase.All.Select(one => one.Formula).Distinct())
        {
            var (formula, condition) = (Sample.Instance.Bind(text, FormulaUse.Value), Sample.Instance.Bind(text, FormulaUse.Condition));
            for (var row = 0; row < Rows.Length; row++)
            {
                var scope = new RowScope(Rows[row]);
                var (inMemory, inSql) = (Canonical.Of(formula.Evaluate(scope)), await RunAsync(connection, formula, scope));
                if (inMemory != inSql) differences.Add($"row {row}: {text} is {inMemory ?? "null"} in memory, {inSql ?? "null"} in SQL");
                var (isTrue, isTrueInSql) = (Canonical.Of(condition.Evaluate(scope)), await RunAsync(connection, condition, scope) ?? "false");
                if (isTrue != isTrueInSql) differences.Add($"row {row}: {text} is {isTrue} in memory, {isTrueInSql} in SQL, as a condition");
            }
        }
        Assert.Empty(differences);
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
