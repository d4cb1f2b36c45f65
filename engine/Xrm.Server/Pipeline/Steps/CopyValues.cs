using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Copies values from the record that a lookup was just pointed to, such as an account's terms of payment.</summary>
internal sealed class CopyValues : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation == Operation.Delete) return;
        foreach (var field in save.Duties.Copied)
        {
            var path = RecordScope.Resolve(save.Entity, field.Source.CopyFrom!);
            if (path.Length < 2 || !save.IsChanged(path[0]) || save.Given.Contains(field.Columns[0].Name)) continue;
            if (field.Source.OnlyIfEmpty && save.Values.Get(field.Columns[0].Name) is not null) continue;
            if (await ValueAsync(save, path, "", ct) is null) continue;
            foreach (var column in field.Columns)
                if (!column.Computed && path[^1].Columns.Any(source => source.Part == column.Part))
                    save.Values[column.Name] = await ValueAsync(save, path, column.Part, ct);
        }
    }

    private static Task<object?> ValueAsync(SaveContext save, ImmutableArray<Field> path, string part, CancellationToken ct) =>
        save.Unit.Related.WithAsync(() => RecordScope.ValueAt(save.Unit.Related, save.Values, path, part), ct);
}
