using System.Collections.Immutable;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Compiled.Building;

/// <summary>The form of an entity for which no package has one: the primary field first, related fields together, grids on tabs of their own.</summary>
internal static class GeneratedForm
{
    /// <summary>Up to here all fields stand in one section; beyond, they are grouped under headings.</summary>
    private const int MostInOneSection = 12;

    private static readonly ImmutableArray<string> Order = ["Details", "Contact", "Address", "Amounts", "Dates", "Settings"];

    public static Source.Form For(Entity entity)
    {
        var shown = entity.Fields.Where(field => !field.IsSystem && !field.Source.Hidden && field != entity.Primary).ToList();
        if (!entity.Primary.IsSystem) shown.Insert(0, entity.Primary);
        return new Source.Form
        {
            Name = $"{entity.Name}.main",
            Entity = entity.Name,
            Label = entity.Label,
            Header = [.. Header(entity)],
            Tabs = [new Tab { Label = "General", Sections = [.. General(entity, shown)] }, .. shown.Where(field => field.Type.Name == "children").Select(Grid), .. Related(entity, shown)],
        };
    }

    private static IEnumerable<string> Header(Entity entity)
    {
        if (entity.Lifecycle is { } lifecycle) yield return lifecycle.Field.Name;
        if (entity.IsUserOwned) yield return "owner";
    }

    private static IEnumerable<Section> General(Entity entity, List<Field> shown)
    {
        var plain = shown.Where(field => !FieldGroups.IsWide(field) && !FieldGroups.IsGrid(field)).ToList();
        if (plain.Count <= MostInOneSection)
        {
            if (plain.Count > 0) yield return new Section { Fields = Places(plain) };
        }
        else
        {
            var groups = plain.ToLookup(field => field == entity.Primary ? "Details" : FieldGroups.Heading(field));
            foreach (var heading in Order.Where(groups.Contains))
                yield return new Section { Label = heading, Fields = Places(groups[heading]) };
        }
        foreach (var wide in shown.Where(FieldGroups.IsWide))
            yield return new Section { Columns = 1, Fields = Places([wide]) };
    }

    private static Tab Grid(Field field) => new() { Label = field.Label, Sections = [new Section { Columns = 1, Fields = Places([field]) }] };

    private static IEnumerable<Tab> Related(Entity entity, List<Field> shown)
    {
        var links = shown.Where(field => field.Type.Name == "links").Select(field => new Section { Label = field.Label, Columns = 1, Fields = Places([field]) });
        var owned = entity.Fields.Where(field => field.Type.Name == "children").Select(field => field.Via).ToHashSet();
        var inverses = entity.IncomingLookups
            .Where(lookup => lookup.Source.Inverse is not null && !lookup.Entity.IsGeneratedLink && !owned.Contains(lookup))
            .Select(lookup => new Section { Label = lookup.Source.Inverse!.Label ?? Names.ToLabel(lookup.Source.Inverse.Name), Columns = 1, Fields = [new FormField(lookup.Source.Inverse.Name)] });
        ImmutableArray<Section> sections = [.. links, .. inverses];
        if (!sections.IsEmpty) yield return new Tab { Label = "Related", Sections = sections };
    }

    private static ImmutableArray<FormField> Places(IEnumerable<Field> fields) => [.. fields.Select(field => new FormField(field.Name))];
}
