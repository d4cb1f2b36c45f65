using Xrm.Formulas.Tests.Vectors;

namespace Xrm.Formulas.Tests;

public sealed class VectorTests
{
    [Theory]
    [MemberData(nameof(VectorCase.Numbered), MemberType = typeof(VectorCase))]
    public void Formula_gives_the_expected_value_in_memory(int number, string file, string formula)
    {
        var one = VectorCase.All[number];
        Assert.Equal((file, formula), (one.File, one.Formula));
        var scope = one.Scope();

        var value = Sample.Instance.Bind(formula, FormulaUse.Value).Evaluate(scope);

        Assert.Equal(one.Expected, Canonical.Of(value));
        Assert.Equal(Sample.Instance.Bind(formula, FormulaUse.Condition).Evaluate(scope), Sample.Instance.Bind($"!!({formula})", FormulaUse.Value).Evaluate(scope));
    }
}
