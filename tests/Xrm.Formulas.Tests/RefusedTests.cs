using System.Text.Json;
using Xrm.Formulas.Tests.Vectors;
using Xrm.Metadata;

namespace Xrm.Formulas.Tests;

public sealed class RefusedTests
{
    public static TheoryData<string, string, string> Cases()
    {
        var data = new TheoryData<string, string, string>();
        using var document = JsonDocument.Parse(File.ReadAllText(Sample.PathTo("refused.json")));
        foreach (var one in document.RootElement.GetProperty("cases").EnumerateArray())
            data.Add(one.GetProperty("formula").GetString()!, one.GetProperty("code").GetString()!, one.GetProperty("says").GetString()!);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Formula_with_a_mistake_is_refused_with_place_and_remedy(string formula, string code, string says)
    {
        var problems = new List<Problem>();

        var bound = Sample.Instance.Formulas.BindOne(formula, Sample.Instance.Deal, Sample.Here, FormulaUse.Value, problems);

        Assert.Null(bound);
        var problem = Assert.Single(problems);
        Assert.Equal(code, problem.Code);
        Assert.Contains("Character ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(says, $"{problem.Message} {problem.Remedy}", StringComparison.Ordinal);
        Assert.Equal(Sample.Here, problem.Location);
    }

    [Fact]
    public void All_mistakes_of_a_formula_are_reported_at_once()
    {
        var problems = new List<Problem>();

        Sample.Instance.Formulas.BindOne("titel == 'x' && statsu == 'y' && foo(1) > 2", Sample.Instance.Deal, Sample.Here, FormulaUse.Condition, problems);

        Assert.Equal(["formula_unknown_name", "formula_unknown_name", "formula_unknown_function"], problems.Select(problem => problem.Code));
    }

    [Theory]
    [InlineData("isNew()")]
    [InlineData("changed('status')")]
    public void Filter_and_computed_field_cannot_ask_about_a_change(string formula)
    {
        var problems = new List<Problem>();

        Assert.Null(Sample.Instance.Formulas.BindOne(formula, Sample.Instance.Deal, Sample.Here, FormulaUse.Filter, problems));
        Assert.Null(Sample.Instance.Formulas.BindOne(formula, Sample.Instance.Deal, Sample.Here, FormulaUse.Computed, problems));
        Assert.NotNull(Sample.Instance.Formulas.BindOne(formula, Sample.Instance.Deal, Sample.Here, FormulaUse.Condition, problems));
        Assert.Equal(["formula_use", "formula_use"], problems.Select(problem => problem.Code));
    }

    [Theory]
    [InlineData("((((((((((")]
    [InlineData("- - - - - - - - - -")]
    [InlineData("!")]
    [InlineData("a ? ")]
    [InlineData("[")]
    [InlineData("f(")]
    public void Deep_or_long_text_is_refused_and_does_not_exhaust_the_stack(string piece)
    {
        var problems = new List<Problem>();

        Sample.Instance.Formulas.BindOne(string.Concat(Enumerable.Repeat(piece, 300)), Sample.Instance.Deal, Sample.Here, FormulaUse.Value, problems);
        Sample.Instance.Formulas.BindOne(string.Concat(Enumerable.Repeat(piece, 5000)), Sample.Instance.Deal, Sample.Here, FormulaUse.Value, problems);

        Assert.Equal(["formula_syntax", "formula_syntax"], problems.Select(problem => problem.Code));
    }
}
