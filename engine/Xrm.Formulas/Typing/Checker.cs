using System.Collections.Immutable;
using Xrm.Formulas.Functions;
using Xrm.Formulas.Nodes;
using Xrm.Formulas.Parsing;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Typing;

/// <summary>Resolves names and checks kinds: from the formula as written to one that can be evaluated. Reports every mistake, not the first alone.</summary>
/// <param name="model">The model.</param>
/// <param name="entity">Entity of the record.</param>
/// <param name="outer">Entity of the record that holds the lookup, in a lookup filter; null elsewhere.</param>
/// <param name="use">Where the formula stands.</param>
/// <param name="report">Takes a mistake: position, code, message, remedy.</param>
internal sealed partial class Checker(Model model, Entity entity, Entity? outer, FormulaUse use, Action<int, string, string, string> report)
{
    /// <summary>Longest way through lookups: each is a join.</summary>
    private const int MaxPath = 8;

    public Node Check(Syntax syntax) => syntax switch
    {
        LiteralSyntax literal => ConstantNode.Of(literal.Value),
        NameSyntax or MemberSyntax => Path(syntax),
        UnarySyntax unary => Unary(unary),
        BinarySyntax binary => Binary(binary),
        ConditionalSyntax conditional => Choose(conditional.Position, Check(conditional.Test), Check(conditional.Then), Check(conditional.Else)),
        CallSyntax call => Call(call),
        ArraySyntax array => Array(array),
        _ => throw new ArgumentException($"Unknown syntax {syntax.GetType()}.", nameof(syntax)),
    };

    private Node Mistake(int position, string code, string message, string remedy)
    {
        report(position, code, message, remedy);
        return new ConstantNode(null, FormulaType.Mistake);
    }

    /// <summary>A field path such as <c>account.industry</c>, or something asked of another value such as <c>trim(x).length</c>.</summary>
    private Node Path(Syntax syntax)
    {
        var names = new List<(string Name, int Position)>();
        var root = syntax;
        for (; root is MemberSyntax member; root = member.Target) names.Insert(0, (member.Name, member.Position));
        if (root is CallSyntax { Target: null, Name: "setting" } call) return Setting(call, names);
        if (root is not NameSyntax first)
            return names is [("length", var position)] ? CallOf("len", position, [Check(root)]) : Mistake(names[0].Position, FormulaProblems.UnknownName, $"A value has no '{names[0].Name}'.", "Only .length and functions can be asked of it.");
        if (first.Name == "user" && names.Count > 0) return User(names);
        if (first.Name == "record" && names.Count > 0) return outer is null ? Field(entity, names, PathStart.Record) : Field(outer, names, PathStart.Outer);
        names.Insert(0, (first.Name, first.Position));
        return Field(entity, names, PathStart.Record);
    }

    private Node User(List<(string Name, int Position)> names)
    {
        var (name, position) = names[0];
        if (UserNode.Properties.Contains(name)) return names.Count == 1 ? new UserNode(name) : Rest(new UserNode(name), names, 1);
        if (FindUserValue(name) is not var (field, column))
            return Mistake(position, FormulaProblems.UnknownName, $"The user has no '{name}'.", $"Known are {string.Join(", ", UserNode.Properties)} and the fields of the entity {FormulaUser.Entity}. A field called user is record.user.");
        // What is computed or counted may depend on the user who asks.
        if (field.Formula is not null || field.Rollup is not null)
            return Mistake(position, FormulaProblems.Use, $"{field} is computed: of the user only values are known that somebody has entered.", "Ask for the fields that it is computed from.");
        if (names.Count == 2 && names[1].Name == "id" && field.Type.Kind == ValueKind.Reference) return new UserFieldNode(field, column);
        return names.Count == 1 ? new UserFieldNode(field, column) : Rest(new UserFieldNode(field, column), names, 1);
    }

    private (Field Field, Column Column)? FindUserValue(string name)
    {
        if (model.FindEntity(FormulaUser.Entity) is not { } users) return null;
        return users.FindField(name) is { Column: { } main } field ? (field, main) : users.FindColumn(name);
    }

    private Node Field(Entity context, List<(string Name, int Position)> names, PathStart start)
    {
        var path = ImmutableArray.CreateBuilder<Field>();
        for (var index = 0; index < names.Count; index++)
        {
            var (name, position) = names[index];
            if (context.FindField(name) is not { } field) return Part(context, path, names, index, start);
            if (field.Name == "id" && field.IsSystem && path.Count > 0 && index == names.Count - 1) return Value(path, start);
            path.Add(field);
            if (field.Type is SecretType) return Mistake(position, FormulaProblems.Use, $"{field} is a secret: its value is not part of the record.", $"Ask {field.Column!.Name}, the time of its last change, which is null where there is none.");
            if (index == names.Count - 1) return field.Column is null ? Collection(field, position) : Value(path, start);
            if (field.Type.Kind != ValueKind.Reference) return field.Column is null ? Collection(field, position) : Rest(Value(path, start), names, index + 1);
            if (path.Count > MaxPath) return Mistake(position, FormulaProblems.Use, $"The way through lookups is longer than {MaxPath}.", "Bring the value nearer with a computed field.");
            if (field.IsPolymorphic || field.Targets.Length != 1)
                return Mistake(names[index + 1].Position, FormulaProblems.Use, $"{field} can point to several entities, so it has no '{names[index + 1].Name}'.", $"Only its id ({name}) and kind ({name}_type) are known.");
            context = field.Targets[0];
        }
        throw new ArgumentException("A path has at least one name.", nameof(names));
    }

    /// <summary>A name that is no field: a further column of one (<c>value_currency</c>), or a mistake.</summary>
    private Node Part(Entity context, ImmutableArray<Field>.Builder path, List<(string Name, int Position)> names, int index, PathStart start)
    {
        var (name, position) = names[index];
        if (context.FindColumn(name) is not var (field, column)) return Unknown(context, name, position, isFirst: index == 0 && start == PathStart.Record);
        path.Add(field);
        var value = new FieldNode(path.ToImmutable(), column.Part, start, FormulaType.Of(field, column));
        return index == names.Count - 1 ? value : Rest(value, names, index + 1);
    }

    private static FieldNode Value(ImmutableArray<Field>.Builder path, PathStart start) =>
        new(path.ToImmutable(), "", start, FormulaType.Of(path[^1], path[^1].Column!));

    private Node Collection(Field field, int position) =>
        Mistake(position, FormulaProblems.Kind, $"{field} is a set of records and has no value.", $"Ask count({field.Name}), or add a rollup to {field.Entity} and use that.");

    private Node Rest(Node value, List<(string Name, int Position)> names, int index)
    {
        var (name, position) = names[index];
        if (name == "length" && index == names.Count - 1) return CallOf("len", position, [value]);
        return Mistake(position, FormulaProblems.UnknownName, $"'{names[index - 1].Name}' is {value.Type.Name} and has no '{name}'.",
            value is FieldNode field && field.Field.Columns.Any(column => column.Part == name) ? $"Write {field.Field.Columns.First(column => column.Part == name).Name}." : "Only lookups lead on to other fields.");
    }

    private Node Unknown(Entity context, string name, int position, bool isFirst)
    {
        var message = $"{context} has no field '{name}'.";
        if (isFirst && FunctionList.Names.Contains(name)) return Mistake(position, FormulaProblems.UnknownName, message, $"To call the function write {name}().");
        if (isFirst && name is "user" or "record") return Mistake(position, FormulaProblems.UnknownName, $"'{name}' alone is no value.", $"Write {name}.id.");
        var known = context.Fields.Select(field => field.Name).Concat(context.Fields.SelectMany(field => field.Columns).Select(column => column.Name)).ToArray();
        return Mistake(position, FormulaProblems.UnknownName, message, Names.Nearest(name, known) is { } near
            ? $"Did you mean {near}?"
            : $"Its fields are {string.Join(", ", context.Fields.Where(field => !field.IsSystem).Select(field => field.Name))}.");
    }

    private Node Array(ArraySyntax array)
    {
        if (array.Items.IsEmpty) return Mistake(array.Position, FormulaProblems.Kind, "The list is empty.", "Write at least one value.");
        var items = array.Items.Select(Check).ToImmutableArray();
        if (items.Any(item => item.Type.IsMistake)) return new ConstantNode(null, FormulaType.Mistake);
        var kind = items[0].Type;
        if (items.Any(item => item.Type.IsNull || item.Type.IsTruthOnly || item.Type.Kind is ValueKind.List or ValueKind.Json || item.Type.Comparable != kind.Comparable))
            return Mistake(array.Position, FormulaProblems.Kind, "The values of a list must be of one kind, and not null.", "Correct or remove the others.");
        return new ArrayNode(items, new FormulaType(ValueKind.List) { IsNullable = false, Item = kind.Kind });
    }
}
