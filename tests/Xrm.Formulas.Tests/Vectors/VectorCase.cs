using System.Text.Json;

namespace Xrm.Formulas.Tests.Vectors;

/// <summary>One case: a formula, a row, and what it gives there.</summary>
/// <param name="File">Name of its file.</param>
/// <param name="Formula">The formula.</param>
/// <param name="Row">The row.</param>
/// <param name="Expect">The result.</param>
/// <param name="Zone">Time zone; null for the sample's.</param>
/// <param name="Now">The moment; null for the sample's.</param>
internal sealed record VectorCase(string File, string Formula, JsonElement Row, JsonElement Expect, string? Zone, DateTime? Now)
{
    private static readonly Lazy<IReadOnlyList<VectorCase>> Loaded = new(() => [.. Load()]);

    public static IReadOnlyList<VectorCase> All => Loaded.Value;

    /// <summary>Arguments of a theory over all cases: number, file and formula.</summary>
    public static IEnumerable<object[]> Numbered => All.Select((one, index) => new object[] { index, one.File, one.Formula });

    /// <summary>The expected value as <see cref="Canonical.Of(object?)"/> writes it.</summary>
    public string? Expected => Expect.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number => Canonical.Of(Expect.GetDecimal()),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => Expect.GetString(),
    };

    /// <summary>What the formula sees.</summary>
    public RowScope Scope() => new(Row) { TimeZone = Zone ?? Sample.Instance.TimeZone, UtcNow = Now ?? Sample.Instance.UtcNow };

    private static IEnumerable<VectorCase> Load()
    {
        foreach (var path in Directory.EnumerateFiles(Sample.PathTo("."), "*.json").Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(path) is "model.json" or "refused.json") continue;
            using var document = JsonDocument.Parse(System.IO.File.ReadAllText(path));
            foreach (var one in document.RootElement.GetProperty("cases").EnumerateArray())
            {
                var row = one.TryGetProperty("row", out var given) ? given : JsonDocument.Parse("{}").RootElement;
                yield return new VectorCase(Path.GetFileNameWithoutExtension(path), one.GetProperty("formula").GetString()!, row.Clone(), one.GetProperty("expect").Clone(),
                    one.TryGetProperty("zone", out var zone) ? zone.GetString() : null, one.TryGetProperty("now", out var now) ? now.GetDateTime().ToUniversalTime() : null);
            }
        }
    }
}
