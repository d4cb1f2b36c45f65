using System.Collections.Immutable;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Listens to a formula being written and joins the rows that it reaches, so that they are known before the statement begins.</summary>
internal sealed class FormulaJoins(QueryContext context, RowSet set, RowSource source) : IFormulaSql
{
    public FormulaUser User => context.Caller.User;

    public DateTime UtcNow => context.UtcNow;

    public string TimeZone => context.Published.Model.TimeZone;

    public void Text(string constant)
    {
        // Only columns lead to joins.
    }

    public void Value(object? value, ColumnType type)
    {
        // Only columns lead to joins.
    }

    public void Column(ImmutableArray<Field> path, string part) => FormulaSql.Follow(set, source, path);

    public void Outer(ImmutableArray<Field> path, string part)
    {
        // The record that holds the lookup is not part of this statement.
    }

    public void Count(ImmutableArray<Field> path) => FormulaSql.Follow(set, source, path);
}
