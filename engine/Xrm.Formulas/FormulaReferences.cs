using Xrm.Formulas.Nodes;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Uses;

namespace Xrm.Formulas;

/// <summary>What the formulas of a model name: fields on every step of a way, options that a choice is compared with or takes, roles that are asked for.</summary>
public static class FormulaReferences
{
    /// <summary>Walks through all formulas.</summary>
    /// <param name="model">The model.</param>
    /// <param name="formulas">Its formulas.</param>
    public static IEnumerable<Reference> Of(Model model, FormulaSet formulas) =>
        from place in Places.Of(model)
        let root = formulas[place.Expression].Root
        from element in In(root).Concat(Options(place.Field, root))
        select new Reference(element, place.Expression.Location);

    private static IEnumerable<Element> In(Node node) => Own(node).Concat(node.Parts.SelectMany(In));

    private static IEnumerable<Element> Own(Node node) => node switch
    {
        FieldNode { IsSetting: true } field => field.Path.Select(Element.OfField).Prepend(Element.OfEntity(field.Path[0].Entity.Name)),
        FieldNode field => field.Path.Select(Element.OfField),
        UserFieldNode user => [Element.OfField(user.Field)],
        CountNode count => count.Path.Select(Element.OfField),
        ChangedNode changed => [Element.OfField(changed.Field)],
        EqualNode { Parts: [var left, var right] } => Options(left.Type.Choice, right).Concat(Options(right.Type.Choice, left)),
        IncludesNode { Parts: [UserNode, ConstantNode { Value: string role }] } => [Element.OfRole(role)],
        IncludesNode { Parts: [var list, var item] } => list.Parts.SelectMany(each => Options(item.Type.Choice, each)).Concat(Options(list.Type.Choice, item)),
        _ => [],
    };

    private static IEnumerable<Element> Options(Field? choice, Node node)
    {
        if (choice is null) return [];
        var wanted = node.Results.OfType<ConstantNode>().Select(constant => Convert.ToString(constant.Value, System.Globalization.CultureInfo.InvariantCulture)).ToHashSet();
        return choice.Options.Select(option => option.Value.ToString()).Where(wanted.Contains).Select(option => Element.OfOption(choice, option));
    }
}
