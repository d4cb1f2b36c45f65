using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Plans values of records that the query names by a key. One that is not there, or that the caller may not see, gives null.</summary>
internal sealed class RootPlanner(QueryNames names)
{
    private QueryContext Context => names.Context;

    public ScalarTerm Plan(RootNode node)
    {
        var model = Context.Published.Model;
        var entity = model.FindCollection(node.Collection)
            ?? throw QueryProblems.NotFilterable(node.Collection, $"There is no collection '{node.Collection}' (character {node.Position}).{(Names.Nearest(node.Collection, model.Entities.Select(each => each.Plural)) is { } nearest ? $" Did you mean '{nearest}'?" : "")}");
        if (!Context.Caller.Can(entity, Operation.Read)) throw QueryProblems.NoRight(entity);
        var set = new RowSet(entity, names.Row?.Set.Aliases ?? new AliasSequence());
        var key = Key(entity, node).Select(Term (part) => new CompareTerm(BinaryOperator.Equal, new ColumnTerm(set.Root, part.Column), part.Value, Exact: false)).ToImmutableArray();
        var value = new PropertyPlanner(Context, set).Find(node.Path, 0).Term;
        var rows = new Selection(set)
        {
            Row = new PlannedRow([new PlannedColumn("value", value)], []),
            Where = key.AddRange(ReadRights.Conditions(Context.Caller, set.Root)),
        };
        return new ScalarTerm(rows, value.Type);
    }

    private IEnumerable<(Column Column, ConstantTerm Value)> Key(Entity entity, RootNode node)
    {
        var wanted = node.Key.Select(part => part.Name).ToHashSet(StringComparer.Ordinal);
        var isKey = wanted.Count == node.Key.Length && (wanted.SetEquals(["id"]) || entity.Keys.Any(key => wanted.SetEquals(key.Fields.Select(field => field.Columns[0].Name))));
        if (!isKey) throw QueryProblems.NotFilterable(node.Collection, $"{entity.PluralLabel} have no key of {string.Join(", ", wanted)} (character {node.Position}).");
        foreach (var (name, value) in node.Key)
        {
            var (field, column) = entity.FindColumn(name)!.Value;
            // Whether a record with a value is there tells of the value.
            if (!Context.Caller.CanReadField(field)) throw QueryProblems.NoFieldRight(name);
            yield return (column, LiteralValues.For(value, column.Type, name));
        }
    }
}
