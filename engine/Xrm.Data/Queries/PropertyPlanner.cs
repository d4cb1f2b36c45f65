using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Finds the properties that a query names, and joins the rows that its paths lead through.</summary>
internal sealed class PropertyPlanner(QueryContext context, RowSet set)
{
    private Caller Caller => context.Caller;

    /// <summary>The tables of the select.</summary>
    public RowSet Set => set;

    /// <summary>Model, caller and time.</summary>
    public QueryContext Context => context;

    /// <summary>Whether the select's own row has something of that name, seen or unseen.</summary>
    public bool HasName(string name) => set.Root.Entity.FindColumn(name) is not null || set.Root.Entity.FindField(name) is not null || set.Root.Entity.FindInverse(name) is not null;

    /// <summary>The property at the end of a path of the client.</summary>
    /// <param name="path">The path.</param>
    /// <param name="first">Index of the name that begins at the select's own row.</param>
    /// <exception cref="Errors.XrmException">400 where a name is unknown, 403 where the caller may not see it.</exception>
    public FoundValue Find(PathNode path, int first)
    {
        var (source, last) = (set.Root, path.Segments.Length - 1);
        // The id of the other record is at hand: account/id needs no join.
        if (last > first && path.Segments[last] == "id" && !TypePlanner.IsTypeName(path.Segments[last - 1]))
        {
            source = Reach(path, first, last - 1);
            return new FoundValue(new ColumnTerm(source, FindLookup(source.Entity, path, last - 1).Lookup.Columns[0]), IsWords: false);
        }
        source = Reach(path, first);
        var name = path.Segments[last];
        if (source.Entity.FindColumn(name) is not var (field, column)) throw QueryProblems.UnknownField(source.Entity, name, path.ToString());
        if (!Caller.CanReadField(field)) throw QueryProblems.NoFieldRight(path.ToString());
        return new FoundValue(Value(source, field, column), column.IsWords);
    }

    /// <summary>The row that has the last name of a path of the client.</summary>
    /// <param name="path">The path.</param>
    /// <param name="first">Index of the name that begins at the select's own row.</param>
    /// <exception cref="Errors.XrmException">400 where a name is unknown, 403 where the caller may not see it.</exception>
    public RowSource Reach(PathNode path, int first) => Reach(path, first, path.Segments.Length - 1);

    /// <summary>The id of the record that the lookup at the end of a path points to; null where a value stands there, or nothing.</summary>
    /// <param name="path">The path.</param>
    /// <param name="first">Index of the name that begins at the select's own row.</param>
    /// <exception cref="Errors.XrmException">400 where a name before it is unknown, 403 where the caller may not see it.</exception>
    public Term? FindPointer(PathNode path, int first)
    {
        var source = Reach(path, first);
        if (source.Entity.FindField(path.Segments[^1]) is not { IsLookup: true } field || source.Entity.FindColumn(path.Segments[^1]) is not null) return null;
        if (!Caller.CanReadField(field)) throw QueryProblems.NoFieldRight(path.ToString());
        return new ColumnTerm(source, field.Columns[0]);
    }

    /// <summary>The value of a column, which a formula or rollup may give.</summary>
    public Term Value(RowSource source, Field field, Column column)
    {
        if (field.Rollup is { IsStored: false } rollup) return new RollupTerm(source, rollup, column);
        if (context.Published.Unfilled.Contains(field)) return new UnfilledTerm(source, field, column);
        if (field.Formula is not { } formula || context.Published.Formulas.IsStored(field)) return new ColumnTerm(source, column);
        // A formula gives the main value; parts such as a currency belong to values that are stored.
        if (column.Part.Length > 0) return new ConstantTerm(null, column.Type);
        JoinFor(source, formula);
        return new FormulaTerm(source, formula, column.Type);
    }

    /// <summary>A formula of the model as a condition, whoever may see the fields that it looks at.</summary>
    public Term Condition(RowSource source, Expression formula)
    {
        JoinFor(source, formula);
        return new FormulaConditionTerm(source, formula);
    }

    private void JoinFor(RowSource source, Expression formula) => context.Published.Formulas[formula].WriteSql(new FormulaJoins(context, set, source));

    private RowSource Reach(PathNode path, int first, int end)
    {
        var source = set.Root;
        for (var index = first; index < end; index++)
        {
            var (lookup, target) = FindLookup(source.Entity, path, index);
            source = set.JoinVisible(source, lookup, target, joined => ReadRights.Conditions(Caller, joined));
            if (TypePlanner.IsTypeName(path.Segments[index + 1])) index++;
        }
        return source;
    }

    /// <summary>A lookup that a path goes through, and what the path follows it to: the type behind it, as in <c>regarding/Xrm.account/name</c>, else the only target.</summary>
    private (Field Lookup, Entity Target) FindLookup(Entity entity, PathNode path, int index)
    {
        var name = path.Segments[index];
        var field = entity.FindField(name) ?? throw QueryProblems.UnknownField(entity, name, path.ToString());
        if (!Caller.CanReadField(field)) throw QueryProblems.NoFieldRight(path.ToString());
        if (!field.IsLookup) throw QueryProblems.NotFilterable(path.ToString(), $"'{name}' is not a lookup: a path cannot go through it.{(field.Child is null ? "" : " Ask for its records with any, all or $count.")}");
        var target = TypePlanner.IsTypeName(path.Segments[index + 1]) ? TypePlanner.Target(field, path, index + 1)
            : !field.IsPolymorphic ? field.Targets[0]
            : throw QueryProblems.NotFilterable(path.ToString(), $"'{name}' points to records of several kinds: say which, as in {name}/{TypePlanner.TypeName(field.Targets[0])}/id, or compare {field.Columns[0].Name}.");
        if (!Caller.Can(target, Operation.Read)) throw QueryProblems.NoRight(target);
        return (field, target);
    }
}
