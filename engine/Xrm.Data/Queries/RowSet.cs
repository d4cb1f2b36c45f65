using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>A table in a statement under its alias.</summary>
/// <param name="Alias">Alias, made by the engine.</param>
/// <param name="Entity">Entity of the rows.</param>
/// <param name="Parent">Row that points here; null for the first table, and for settings.</param>
/// <param name="Via">Lookup of the parent that points here; null for the first table, and for settings.</param>
internal sealed record RowSource(string Alias, Entity Entity, RowSource? Parent = null, Field? Via = null)
{
    /// <summary>What a joined row must fulfil to be seen.</summary>
    public ImmutableArray<Term> Conditions { get; init; } = [];

    /// <summary>JSON object with the values of the one row, or array with those of many, by column, in place of the table's; null for the table.</summary>
    public string? Values { get; init; }
}

/// <summary>Hands out aliases that are unique in one statement.</summary>
internal sealed class AliasSequence
{
    private int _last;

    public string Next() => _last++ == 0 ? "r" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"r{_last - 1}");
}

/// <summary>The tables of one select: the first one, and those joined through lookups, one alias for each path.</summary>
internal sealed class RowSet
{
    private readonly AliasSequence _aliases;
    private readonly Dictionary<(RowSource Parent, Field Via, Entity Target, bool Visible), RowSource> _joins = [];
    private readonly Dictionary<Entity, RowSource> _settings = [];
    private readonly List<RowSource> _order = [];

    /// <param name="entity">Entity of the first table.</param>
    /// <param name="aliases">Aliases of the statement.</param>
    /// <param name="values">JSON object with the values of one row, or array with those of many, in place of that table; null for the table.</param>
    public RowSet(Entity entity, AliasSequence aliases, string? values = null)
    {
        _aliases = aliases;
        Root = new RowSource(aliases.Next(), entity) { Values = values };
    }

    /// <summary>The tables that are joined to a row of a select further out.</summary>
    /// <param name="outer">The row.</param>
    /// <param name="aliases">Aliases of the statement.</param>
    public RowSet(RowSource outer, AliasSequence aliases) => (_aliases, Root) = (aliases, outer);

    /// <summary>The first table.</summary>
    public RowSource Root { get; }

    /// <summary>The joined tables; each comes after the one that it hangs on.</summary>
    public IReadOnlyList<RowSource> Joins => _order;

    /// <summary>An alias for a table of a nested select.</summary>
    public AliasSequence Aliases => _aliases;

    /// <summary>Whether the row is of one of these tables.</summary>
    public bool Contains(RowSource source) => source == Root || _order.Contains(source);

    /// <summary>The row that a lookup points to, whoever asks: for formulas, whose results must not depend on the caller's rights.</summary>
    public RowSource Join(RowSource parent, Field lookup) => Join(parent, lookup, lookup.Targets[0], null);

    /// <summary>The row that a lookup points to where it is of a kind and fulfils the conditions, which are the same for each call with the same lookup.</summary>
    public RowSource JoinVisible(RowSource parent, Field lookup, Entity target, Func<RowSource, ImmutableArray<Term>> conditions)
    {
        var probe = conditions(new RowSource("", target));
        return probe.IsEmpty ? Join(parent, lookup, target, null) : Join(parent, lookup, target, conditions);
    }

    /// <summary>The one row of an entity of settings, whoever asks.</summary>
    public RowSource JoinSettings(Entity settings)
    {
        if (_settings.TryGetValue(settings, out var known)) return known;
        var source = new RowSource(_aliases.Next(), settings);
        _settings.Add(settings, source);
        _order.Add(source);
        return source;
    }

    private RowSource Join(RowSource parent, Field lookup, Entity target, Func<RowSource, ImmutableArray<Term>>? conditions)
    {
        var key = (parent, lookup, target, conditions is not null);
        if (_joins.TryGetValue(key, out var known)) return known;
        var source = new RowSource(_aliases.Next(), target, parent, lookup);
        if (conditions is not null) source = source with { Conditions = conditions(source) };
        // Records of different kinds could have the same id.
        if (lookup.IsPolymorphic)
            source = source with { Conditions = source.Conditions.Insert(0, new CompareTerm(BinaryOperator.Equal, new ColumnTerm(parent, lookup.Columns[1]), new ConstantTerm(target.Name, ColumnType.Text), Exact: false)) };
        _joins.Add(key, source);
        _order.Add(source);
        return source;
    }
}
