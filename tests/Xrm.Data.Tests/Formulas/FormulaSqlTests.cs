using Npgsql;
using Xrm.Formulas;
using Xrm.Formulas.Tests.Vectors;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Formulas;

/// <summary>What a formula gives in memory, PostgreSQL gives, too: for every case of <c>tests/vectors/formulas</c>.</summary>
public sealed class FormulaSqlTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Theory]
    [MemberData(nameof(VectorCase.Numbered), MemberType = typeof(VectorCase))]
    public async Task Formula_gives_the_expected_value_in_sql(int number, string file, string formula)
    {
        var one = VectorCase.All[number];
        Assert.Equal((file, formula), (one.File, one.Formula));
        var scope = one.Scope();
        var value = Sample.Instance.Bind(formula, FormulaUse.Value);

        Assert.Equal(one.Expected, Canonical.Of(await RunAsync(value, scope)));
    }

    [Theory]
    [MemberData(nameof(VectorCase.Numbered), MemberType = typeof(VectorCase))]
    public async Task Formula_counts_as_true_in_sql_when_it_does_in_memory(int number, string file, string formula)
    {
        var one = VectorCase.All[number];
        Assert.Equal((file, formula), (one.File, one.Formula));
        var scope = one.Scope();
        var condition = Sample.Instance.Bind(formula, FormulaUse.Condition);
        var opposite = Sample.Instance.Bind($"!({formula})", FormulaUse.Value);

        var isTrue = (bool)condition.Evaluate(scope)!;

        Assert.Equal(isTrue, await RunAsync(condition, scope) is true);
        Assert.Equal(!isTrue, await RunAsync(opposite, scope));
    }

    private async Task<object?> RunAsync(Formula formula, IFormulaScope scope)
    {
        var sql = new RowSql(scope);
        formula.WriteSql(sql);
        await using var connection = await database.Database.OpenAsync(CancellationToken.None);
        await using var command = sql.ToCommand(connection);
        try
        {
            return await command.ExecuteScalarAsync() is var value && value is DBNull ? null : value is DateTime { Kind: DateTimeKind.Unspecified } date ? DateOnly.FromDateTime(date) : value;
        }
        catch (PostgresException exception)
        {
            throw new InvalidOperationException($"{exception.MessageText} in {command.CommandText}", exception);
        }
    }
}
