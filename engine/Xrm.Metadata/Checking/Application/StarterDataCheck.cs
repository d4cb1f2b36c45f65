using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Checking.Application;

/// <summary>Starter rows: the fields are there, hold the values, and the key finds each row again.</summary>
internal static class StarterDataCheck
{
    public static IEnumerable<Problem> Of(Merged merged) => merged.Draft.Packages.SelectMany(package => package.Data).SelectMany(data => Of(data, merged));

    private static List<Problem> Of(InFile<StarterData> data, Merged merged)
    {
        var problems = new List<Problem>();
        if (merged.Draft.Find(data.Value.Entity, data.At("$.entity"), problems) is not { } entity) return problems;
        if (data.Value.Key.IsEmpty)
            problems.Add(new Problem(ProblemCodes.KeyMissing, data.At("$.key"), "Nothing says how a row is found again.", "Give \"key\" with the fields that identify a row."));
        problems.AddRange(Unknown.Fields(entity, data.Value.Key, i => data.At($"$.key[{i}]")));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < data.Value.Rows.Length; i++) Row(data, i, entity, merged, seen, problems);
        return problems;
    }

    private static void Row(InFile<StarterData> data, int index, DraftEntity entity, Merged merged, HashSet<string> seen, List<Problem> problems)
    {
        var row = data.Value.Rows[index];
        var path = $"$.rows[{index}]";
        foreach (var (name, value) in row)
        {
            // The location is only wanted for mistakes: asking for the lines of thousands of good values takes long.
            if (Mistake(entity, merged, name, value, data.File, JsonScan.Append(path, name)) is { } mistake) problems.Add(mistake);
        }
        var known = data.Value.Key.Where(entity.Has).ToList();
        var missing = known.Where(name => !row.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null).ToList();
        if (missing.Count > 0)
            problems.Add(new Problem(ProblemCodes.KeyIncomplete, data.At(path), $"The row has no {string.Join(", ", missing)}, which is part of the key.", "Give every row a value for each key field."));
        else if (known.Count > 0 && !seen.Add(string.Join('\n', known.Select(name => row[name].GetRawText()))))
            problems.Add(new Problem(ProblemCodes.RowTwice, data.At(path), "Another row has the same key.", "Remove one of the two, or choose a key that tells them apart."));
    }

    private static Problem? Mistake(DraftEntity entity, Merged merged, string name, JsonElement value, SourceFile file, string path)
    {
        var nowhere = new SourceLocation(file.Package, file.Path, path);
        var mistake = Values.FindMistake(entity, merged.Model, name, value, nowhere) ?? Reference(entity, merged, name, value, nowhere);
        return mistake is null ? null : mistake with { Location = file.At(mistake.Location.Path) };
    }

    /// <summary>The fields by which a row names the record that it points to.</summary>
    private static Problem? Reference(DraftEntity entity, Merged merged, string name, JsonElement value, SourceLocation location)
    {
        if (value.ValueKind != JsonValueKind.Object || merged.Model.FindEntity(entity.Name)?.FindField(name) is not { Targets.IsEmpty: false } field) return null;
        var targets = field.Targets.Select(target => target.Name).ToImmutableArray();
        if (field.IsPolymorphic)
        {
            var kind = value.TryGetProperty("$entity", out var written) ? written.ToString() : null;
            if (kind is null || !targets.Contains(kind))
                return new Problem(ProblemCodes.EntityUnknown, location, $"{field} does not point to {kind ?? "anything"}.", $"Add \"$entity\" with one of {string.Join(", ", targets)}.");
            targets = [kind];
        }
        var target = merged.Draft.Find(targets[0])!;
        var wrong = value.EnumerateObject().Select(property => property.Name).FirstOrDefault(part => part != "$entity" && !target.Has(part));
        return wrong is null ? null : Unknown.Field(target, wrong, location with { Path = JsonScan.Append(location.Path, wrong) });
    }
}
