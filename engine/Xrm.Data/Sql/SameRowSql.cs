using System.Collections.Immutable;
using Xrm.Data.Records;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Sql;

/// <summary>Writes a formula over one row's own columns, for stored formulas and for what rollups count. Such formulas ask for nothing else.</summary>
/// <param name="sql">Takes the SQL.</param>
/// <param name="alias">Alias of the table.</param>
/// <param name="utcNow">The time of the save; formulas that ask for it are not stored, but validations may.</param>
/// <param name="values">Writes values; null for columns, whatever they have.</param>
internal sealed class SameRowSql(SqlBuilder sql, string alias, DateTime utcNow, RowValue? values) : IFormulaSql
{
    public FormulaUser User => FormulaUser.Nobody;

    public DateTime UtcNow => utcNow;

    // What depends on a zone is not stored.
    public string TimeZone => "UTC";

    // Formulas compile to constants, names and parameters.
    public void Text(string constant) => sql.Trusted(constant);

    public void Value(object? value, ColumnType type) => sql.Value(value, type);

    public void Column(ImmutableArray<Field> path, string part)
    {
        if (path.Length > 1) throw new InvalidOperationException($"{path[0]} leads to another record.");
        var column = path[0].Columns.First(column => column.Part == part);
        if (values is null) sql.Name(alias, column.Name);
        else values.Write(alias, path[0], column);
    }

    public void Outer(ImmutableArray<Field> path, string part) => throw new InvalidOperationException($"{path[0]} is of another record.");

    public void Count(ImmutableArray<Field> path) => throw new InvalidOperationException($"{path[0]} counts other records.");
}
