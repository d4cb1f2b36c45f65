using System.Collections.Immutable;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Compiled.Building;

/// <summary>
/// The form of an entity for which no package has one: the primary field first, related fields together, grids on tabs of
/// their own. Where fields are very many, those that matter most stand on the first tab and the others on a tab for each kind.
/// </summary>
internal static class GeneratedForm
{
    /// <summary>Up to here all fields stand in one section; beyond, they are grouped under headings.</summary>
    private const int MostInOneSection = 12;

    /// <summary>Up to here all groups stand on one tab; beyond, each has its own.</summary>
    private const int MostOnOneTab = 36;

    /// <summary>From here on, fields whose names begin with the same word (<c>address1_city</c>) get a section of their own.</summary>
    private const int FewestOfOneName = 6;

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
            Tabs = [.. Fields(entity, shown), .. shown.Where(field => field.Type.Name == "children").Select(Grid), .. Related(entity, shown)],
        };
    }

    private static IEnumerable<string> Header(Entity entity)
    {
        if (entity.Lifecycle is { } lifecycle) yield return lifecycle.Field.Name;
        if (entity.IsUserOwned) yield return "owner";
    }

    private static IEnumerable<Tab> Fields(Entity entity, List<Field> shown)
    {
        var plain = shown.Where(field => !FieldGroups.IsWide(field) && !FieldGroups.IsGrid(field)).ToList();
        var wide = shown.Where(FieldGroups.IsWide).Select(field => new Section { Columns = 1, Fields = Places([field]) }).ToList();
        if (plain.Count <= MostOnOneTab) return [new Tab { Label = "General", Sections = [.. General(entity, plain), .. wide, .. Owner(entity)] }];
        var named = ByName(plain);
        var key = Key(entity, plain, named.Values.SelectMany(group => group).ToHashSet());
        return
        [
            new Tab { Label = "General", Sections = [Section(null, key), .. Owner(entity)] },
            .. Tabs(entity, [.. plain.Except(key)], named),
            .. wide.Count == 0 ? [] : ImmutableArray.Create(new Tab { Label = "Texts", Sections = [.. wide] }),
        ];
    }

    private static IEnumerable<Section> General(Entity entity, List<Field> plain)
    {
        if (plain.Count > MostInOneSection) return ByKind(entity, plain).Select(group => Section(group.Heading, group.Fields));
        return plain.Count == 0 ? [] : [Section(null, plain)];
    }

    /// <summary>People may give a record to somebody else.</summary>
    private static IEnumerable<Section> Owner(Entity entity) => entity.IsUserOwned ? [new Section { Fields = [new FormField("owner")] }] : [];

    /// <summary>The fields that a form with many others begins with: those of the list, those that must and those that should be filled in.</summary>
    private static List<Field> Key(Entity entity, List<Field> plain, HashSet<Field> named)
    {
        var listed = GeneratedView.For(entity).Columns;
        int Rank(Field field) => listed.Contains(field.Name) ? 0
            : field.Source.Required?.Always == true ? 1
            : field.Source.Recommended && !named.Contains(field) ? 2
            : 3;
        var chosen = plain.Where(field => Rank(field) < 3).OrderBy(Rank).Take(MostInOneSection).ToHashSet();
        return [.. plain.Where(chosen.Contains)];
    }

    /// <summary>The groups of fields whose names begin with the same word, by that word. Switches stay together.</summary>
    private static Dictionary<string, List<Field>> ByName(List<Field> plain) => plain
        .Where(field => FieldGroups.Heading(field) != "Settings").GroupBy(field => field.Name.Split('_')[0])
        .Where(group => group.Count() >= FewestOfOneName).ToDictionary(group => group.Key, group => group.ToList());

    private static IEnumerable<Tab> Tabs(Entity entity, List<Field> rest, Dictionary<string, List<Field>> named)
    {
        var sections = named.Select(group => Section(Names.ToLabel(group.Key), group.Value.Intersect(rest))).Where(section => !section.Fields.IsEmpty).ToList();
        var others = ByKind(entity, [.. rest.Except(named.Values.SelectMany(group => group))]).ToList();
        foreach (var (heading, fields) in others)
            yield return new Tab { Label = heading, Sections = [Section(null, fields), .. heading == Order[0] ? sections : []] };
        if (sections.Count > 0 && others.All(group => group.Heading != Order[0]))
            yield return new Tab { Label = Order[0], Sections = [.. sections] };
    }

    private static IEnumerable<(string Heading, IEnumerable<Field> Fields)> ByKind(Entity entity, List<Field> plain)
    {
        var groups = plain.ToLookup(field => field == entity.Primary ? Order[0] : FieldGroups.Heading(field));
        return Order.Where(groups.Contains).Select(heading => (heading, groups[heading]));
    }

    private static Section Section(string? label, IEnumerable<Field> fields) => new() { Label = label, Fields = Places(fields) };

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
