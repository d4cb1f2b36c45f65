using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Compiled.Building;

/// <summary>Forms and views of all packages, and generated ones for entities that have none.</summary>
internal sealed class ScreenBuilder(Draft draft, FrozenDictionary<string, Entity> entities)
{
    private IEnumerable<Entity> Shown => draft.Entities.Where(entity => !entity.IsGeneratedLink).Select(entity => entities.GetValueOrDefault(entity.Name)).OfType<Entity>();

    public ImmutableArray<Form> Forms()
    {
        var written = draft.Packages.SelectMany(package => package.Forms).DistinctBy(form => form.Value.Name)
            .Where(form => entities.ContainsKey(form.Value.Entity))
            .Select(form => new Form(form.Value, entities[form.Value.Entity], Visible(form))).ToList();
        var has = written.Select(form => form.Entity).ToHashSet();
        return [.. written, .. Shown.Where(entity => !has.Contains(entity)).Select(entity => new Form(GeneratedForm.For(entity), entity, Nothing) { IsGenerated = true })];
    }

    public ImmutableArray<View> Views()
    {
        var written = draft.Packages.SelectMany(package => package.Views).DistinctBy(view => view.Value.Name)
            .Where(view => entities.ContainsKey(view.Value.Entity))
            .Select(view => new View(view.Value, entities[view.Value.Entity], Located.Expression(view.Value.Filter, view.At("$.filter")))).ToList();
        var has = written.Select(view => view.Entity).ToHashSet();
        return [.. written, .. Shown.Where(entity => !has.Contains(entity)).Select(entity => new View(GeneratedView.For(entity), entity, null) { IsGenerated = true })];
    }

    private static ImmutableSortedDictionary<string, Expression> Nothing => ImmutableSortedDictionary<string, Expression>.Empty.WithComparers(StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, Expression> Visible(InFile<Source.Form> form)
    {
        var found = Nothing.ToBuilder();
        void Add(string path, string? formula)
        {
            if (formula is not null) found[path] = new Expression(formula, form.At(path));
        }

        for (var t = 0; t < form.Value.Tabs.Length; t++)
        {
            var tab = form.Value.Tabs[t];
            Add($"$.tabs[{t}].visible", tab.Visible);
            for (var s = 0; s < tab.Sections.Length; s++) Add($"$.tabs[{t}].sections[{s}].visible", tab.Sections[s].Visible);
        }
        return found.ToImmutable();
    }
}
