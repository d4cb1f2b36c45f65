using System.Collections.Immutable;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes a formula into a statement, over one of its rows.</summary>
internal sealed class FormulaSql(TermSql terms, RowSource source) : IFormulaSql
{
    public FormulaUser User => terms.Caller.User;

    public DateTime UtcNow => terms.UtcNow;

    public string TimeZone => terms.TimeZone;

    /// <summary>The row at the end of a path's lookups, which is joined where it is not yet.</summary>
    public static RowSource Follow(RowSet set, RowSource from, ImmutableArray<Field> path)
    {
        if (path[0].Entity is { IsSettings: true } settings && settings != from.Entity) from = set.JoinSettings(settings);
        for (var index = 0; index < path.Length - 1; index++) from = set.Join(from, path[index]);
        return from;
    }

    // Formulas compile to constants, names and parameters; the names come through Column.
    public void Text(string constant) => terms.Sql.Trusted(constant);

    public void Value(object? value, ColumnType type) => terms.Sql.Value(value, type);

    public void Column(ImmutableArray<Field> path, string part)
    {
        var column = path[^1].Columns.First(candidate => candidate.Part == part);
        var holder = Follow(terms.Set, source, path);
        if (path[^1].Rollup is { IsStored: false } rollup) terms.Rollup(holder, rollup, column);
        else terms.Stored(holder, path[^1], column);
    }

    public void Outer(ImmutableArray<Field> path, string part)
    {
        var column = path[^1].Columns.First(candidate => candidate.Part == part);
        terms.Sql.Value(null, column.Type);
    }

    public void Count(ImmutableArray<Field> path) => terms.Count(Follow(terms.Set, source, path), path[^1]);
}
