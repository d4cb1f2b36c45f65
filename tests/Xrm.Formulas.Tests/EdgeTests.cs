using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Xrm.Formulas.Functions;
using Xrm.Formulas.Tests.Vectors;
using Xrm.Metadata.Tests;

namespace Xrm.Formulas.Tests;

public sealed class EdgeTests
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>PostgreSQL and the browser are compared with the same file.</summary>
    [Fact]
    public async Task Formulas_give_the_known_results_over_edge_values()
    {
        var formulas = VectorCase.All.Select(one => one.Formula).Distinct().ToArray();
        // The same cases and rows are run by PostgreSQL and the browser, which count them, too.
        Assert.InRange(VectorCase.All.Count, 500, int.MaxValue);
        Assert.InRange(formulas.Length * await AssertKnownAsync("edges", formulas), 2_500, int.MaxValue);
    }

    [Fact]
    public async Task Formulas_put_together_at_random_give_the_known_results()
    {
        var formulas = RandomFormulas.Take(600);
        foreach (var name in FunctionList.Names.Except(["isNew", "changed", "setting"])) Assert.Contains(formulas, text => text.Contains(name + "(", StringComparison.Ordinal));
        await AssertKnownAsync("random", formulas);
    }

    /// <summary>Compares with the file of results in that folder; gives the number of its rows.</summary>
    private static async Task<int> AssertKnownAsync(string folder, IEnumerable<string> formulas)
    {
        using var rows = JsonDocument.Parse(await File.ReadAllTextAsync(Sample.PathTo($"{folder}/rows.json")));
        var file = new StringBuilder("{\n");
        foreach (var text in formulas)
        {
            var formula = Sample.Instance.Bind(text, FormulaUse.Value);
            var results = rows.RootElement.EnumerateArray().Select(row => Canonical.Of(formula.Evaluate(new RowScope(row))));
            file.Append(file.Length > 2 ? ",\n" : "").Append($"  {JsonSerializer.Serialize(text, Plain)}: {JsonSerializer.Serialize(results, Plain)}");
        }
        await Generated.AssertCurrentAsync(Sample.PathTo($"{folder}/results.json"), file.Append("\n}\n").ToString());
        return rows.RootElement.GetArrayLength();
    }
}
