using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
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
        using var rows = JsonDocument.Parse(await File.ReadAllTextAsync(Sample.PathTo("edges/rows.json")));
        var file = new StringBuilder("{\n");
        foreach (var text in VectorCase.All.Select(one => one.Formula).Distinct())
        {
            var formula = Sample.Instance.Bind(text, FormulaUse.Value);
            var results = rows.RootElement.EnumerateArray().Select(row => Canonical.Of(formula.Evaluate(new RowScope(row))));
            file.Append(file.Length > 2 ? ",\n" : "").Append($"  {JsonSerializer.Serialize(text, Plain)}: {JsonSerializer.Serialize(results, Plain)}");
        }
        await Generated.AssertCurrentAsync(Sample.PathTo("edges/results.json"), file.Append("\n}\n").ToString());
    }
}
