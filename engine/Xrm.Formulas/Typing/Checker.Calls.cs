using System.Collections.Immutable;
using Xrm.Formulas.Functions;
using Xrm.Formulas.Nodes;
using Xrm.Formulas.Parsing;
using Xrm.Metadata;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Typing;

internal sealed partial class Checker
{
    private Node Call(CallSyntax call)
    {
        if (call.Target is { } target)
        {
            if (!FunctionList.Methods.TryGetValue(call.Name, out var function))
                return Mistake(call.Position, FormulaProblems.UnknownFunction, $"There is no method '{call.Name}'.",
                    FunctionList.Names.Contains(call.Name) ? $"Write {call.Name}(…) with the value as its first argument." : $"Known are {string.Join(", ", FunctionList.Methods.Keys.Order(StringComparer.Ordinal))}.");
            call = new CallSyntax(call.Position, null, function, [target, .. call.Arguments]);
        }
        return call.Name switch
        {
            "isNew" => IsNew(call),
            "changed" => Changed(call),
            "count" => Count(call),
            "setting" => SettingAlone(call),
            _ => CallOf(call.Name, call.Position, [.. call.Arguments.Select(Check)]),
        };
    }

    private Node CallOf(string name, int position, ImmutableArray<Node> given)
    {
        if (given.Any(argument => argument.Type.IsMistake)) return new ConstantNode(null, FormulaType.Mistake);
        switch (name)
        {
            case "if" when given.Length == 3: return Choose(position, given[0], given[1], given[2]);
            case "coalesce" when given.Length > 0: return Coalesce(position, given);
            case "concat" when given.Length > 0: return Joined(position, given, skipsNulls: true);
            case "isEmpty" when given.Length == 1: return new IsEmptyNode(given[0]);
            case "includes" or "contains" when given.Length == 2 && given[0].Type.Kind == ValueKind.List: return Includes(position, given[0], given[1]);
            case "includes" when given.Length == 2: name = "contains"; break;
        }
        var overloads = FunctionList.Plain.Where(function => function.Name == name).ToArray();
        return overloads.Length > 0 ? Chosen(name, position, overloads, given) : UnknownFunction(name, position);
    }

    private Node Chosen(string name, int position, Function[] overloads, ImmutableArray<Node> given)
    {
        if (overloads.FirstOrDefault(function => Fits(function, given)) is { } exact) return Called(position, exact, given);
        foreach (var function in overloads.Where(function => function.Takes(given.Length)))
        {
            var adapted = given.Select((argument, index) => Adapt(argument, function, index)).ToImmutableArray();
            if (Fits(function, adapted)) return Called(position, function, adapted);
        }
        var kinds = given.IsEmpty ? "nothing" : string.Join(", ", given.Select(argument => argument.Type.Name));
        return Mistake(position, FormulaProblems.Kind, $"{name} does not take {kinds}.", $"It is written {string.Join(" or ", overloads.Select(function => function.Usage).Distinct())}.");
    }

    private Node Called(int position, Function function, ImmutableArray<Node> given)
    {
        if (function.HasLiteralDigits && given[^1] is not ConstantNode { Value: decimal and >= -12 and <= 12, Type.IsInteger: true })
            return Mistake(position, FormulaProblems.Kind, $"The digits of {function.Name} are not known.", "Write a whole number from -12 to 12.");
        return new CallNode(function, given, function.Result);
    }

    private static bool Fits(Function function, ImmutableArray<Node> given) =>
        function.Takes(given.Length) && !given.Where((argument, index) => !Fits(argument.Type, function, index)).Any();

    private static bool Fits(FormulaType type, Function function, int index) =>
        type.IsNull ? !function.IsStrict : !type.IsTruthOnly && function.Parameter(index).Contains(type.Kind);

    /// <summary>A text written in the formula can be a date; where a day is wanted of a moment, it is that in the user's zone.</summary>
    private static Node Adapt(Node argument, Function function, int index)
    {
        var wanted = function.Parameter(index);
        if (wanted.Contains(argument.Type.Kind)) return argument;
        if (argument.Type.Kind != ValueKind.DateTime || !wanted.Contains(ValueKind.Date) || function.IsVariadic) return Adapt(argument, new FormulaType(wanted[0]));
        var day = FunctionList.Plain.Single(candidate => candidate.Name == "date");
        return new CallNode(day, [argument], day.Result with { IsNullable = argument.Type.IsNullable });
    }

    private Node Joined(int position, ImmutableArray<Node> given, bool skipsNulls)
    {
        var texts = given.Select(value => value.Type.Kind == ValueKind.Text ? value : CallOf("text", position, [value])).ToImmutableArray();
        return texts.Any(text => text.Type.IsMistake) ? new ConstantNode(null, FormulaType.Mistake) : new JoinNode(texts, skipsNulls);
    }

    private Node Includes(int position, Node list, Node item)
    {
        item = Adapt(item, new FormulaType(list.Type.Item));
        if (list is ArrayNode array && array.Parts.Any(part => part is ConstantNode { Value: string }) && item.Type.Kind != ValueKind.Text)
        {
            var parts = array.Parts.Select(part => Adapt(part, item.Type)).ToImmutableArray();
            list = new ArrayNode(parts, array.Type with { Item = parts[0].Type.Kind });
        }
        if (item.Type.IsTruthOnly || new FormulaType(list.Type.Item).Comparable != item.Type.Comparable)
            return Mistake(position, FormulaProblems.Kind, $"{Begin(item)} cannot be in a list of which each item is {FormulaType.NameOf(list.Type.Item)}.", "Look for a value of the same kind.");
        foreach (var constant in list.Parts.OfType<ConstantNode>()) CheckOption(position, item.Type.Choice, constant.Value!);
        CheckOptions(position, list.Type.Choice, item);
        return new IncludesNode(list, item);
    }

    private Node IsNew(CallSyntax call)
    {
        if (!call.Arguments.IsEmpty) return Mistake(call.Position, FormulaProblems.Kind, "isNew takes nothing.", "Write isNew().");
        return IsAboutChange(call) ?? new IsNewNode();
    }

    private Node Changed(CallSyntax call)
    {
        var name = call.Arguments is [LiteralSyntax { Value: string text }] ? text : call.Arguments is [NameSyntax written] ? written.Name : null;
        if (name is null) return Mistake(call.Position, FormulaProblems.Kind, "changed takes the name of a field.", "Write changed('status').");
        if (entity.FindField(name) is not { } field) return Unknown(entity, name, call.Position, isFirst: false);
        if (field.Column is null) return Collection(field, call.Position);
        return IsAboutChange(call) ?? new ChangedNode(field);
    }

    private Node? IsAboutChange(CallSyntax call) => use is FormulaUse.Filter or FormulaUse.Computed
        ? Mistake(call.Position, FormulaProblems.Use, $"{call.Name}() has no meaning here: there is no change that it could ask about.", "Use it in conditions, validations, transitions and workflows.")
        : null;

    private Node Count(CallSyntax call)
    {
        if (call.Arguments is not [NameSyntax or MemberSyntax])
            return Mistake(call.Position, FormulaProblems.Kind, "count takes a children or links field.", "Write count(lines).");
        var names = new List<string>();
        var root = call.Arguments[0];
        for (; root is MemberSyntax member; root = member.Target) names.Insert(0, member.Name);
        if (root is not NameSyntax first) return Mistake(call.Position, FormulaProblems.Kind, "count takes a children or links field.", "Write count(lines).");
        if (first.Name != "record" || names.Count == 0) names.Insert(0, first.Name);
        else if (outer is not null) return Mistake(call.Position, FormulaProblems.Use, "The records of the outer record cannot be counted here.", "Add a rollup to it and compare with that.");
        return Counted(call, names);
    }

    private Node Counted(CallSyntax call, List<string> names)
    {
        var path = ImmutableArray.CreateBuilder<Metadata.Compiled.Field>();
        var context = entity;
        foreach (var name in names)
        {
            if (context.FindField(name) is not { } field) return Unknown(context, name, call.Position, isFirst: false);
            path.Add(field);
            if (path.Count < names.Count && (field.IsPolymorphic || field.Targets.Length != 1 || field.Column is null))
                return Mistake(call.Position, FormulaProblems.Kind, $"{field} does not lead to one record.", "Only lookups of one entity lead on.");
            if (path.Count < names.Count) context = field.Targets[0];
        }
        return path[^1].Column is null
            ? new CountNode(path.ToImmutable())
            : Mistake(call.Position, FormulaProblems.Kind, $"{path[^1]} is no set of records.", path[^1].Type.Kind == ValueKind.List ? $"Ask len({string.Join('.', names)})." : "count takes a children or links field.");
    }

    private Node UnknownFunction(string name, int position)
    {
        var special = FunctionList.Special.Where(function => function.Usage.StartsWith(name + "(", StringComparison.Ordinal)).Select(function => function.Usage).ToArray();
        return special is [var usage]
            ? Mistake(position, FormulaProblems.Kind, $"{name} has the wrong number of arguments.", $"It is written {usage}.")
            : Mistake(position, FormulaProblems.UnknownFunction, $"There is no function '{name}'.",
                Names.Nearest(name, FunctionList.Names) is { } near ? $"Did you mean {near}?" : $"Known are {string.Join(", ", FunctionList.Names)}.");
    }
}
