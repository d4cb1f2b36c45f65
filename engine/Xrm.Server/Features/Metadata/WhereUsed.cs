using System.Collections.Immutable;
using Xrm.Data;
using Xrm.Data.Publishing;
using Xrm.Formulas;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;
using Xrm.Metadata.Uses;
using Xrm.Scripting;

namespace Xrm.Server.Features.Metadata;

/// <summary>All that depends on a thing of the published model. Worked out when it is asked for, from the stored packages: nothing of it is kept.</summary>
internal sealed class WhereUsed(PackageStore store, CurrentModel current)
{
    /// <summary>The uses, by package, file and line.</summary>
    public async Task<ImmutableArray<Use>> FindAsync(Element element, CancellationToken ct)
    {
        var published = current.Value;
        var (_, files) = await store.ReadAsync(ct);
        // The model in force has neither starter rows nor tests, and is not to keep the lines of files.
        ImmutableArray<Package> packages = [.. files.Select(folder => PackageReader.ParseChecked(folder, isWhole: true).Package).OfType<Package>()];
        var found = PackageReferences.Of(published.Model, packages).Concat(FormulaReferences.Of(published.Model, published.Formulas))
            .Concat(ScriptEngine.References(published.Model, published.Model)).ToList();
        var order = packages.Select(package => package.Manifest.Name).ToList();
        return
        [
            .. new Placement(packages).Of(Of(element, found)).OrderBy(use => order.IndexOf(use.Location.Package)).ThenBy(use => use.Location.File, StringComparer.Ordinal)
                .ThenBy(use => use.Location.Line).ThenBy(use => use.Location.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>What names the element, or only an option of it: a place that names both is told once.</summary>
    private static IEnumerable<Reference> Of(Element element, IEnumerable<Reference> found)
    {
        var own = found.Where(reference => reference.Of == element).ToList();
        var places = own.Select(Place).ToHashSet();
        return own.Concat(found.Where(reference => reference.Of != element && reference.Of.IsOrBelongsTo(element) && !places.Contains(Place(reference))));
    }

    private static (string, string, string, int) Place(Reference reference) =>
        (reference.Location.Package, reference.Location.File, reference.Location.Path, reference.IsLikely ? reference.Location.Line : 0);
}
