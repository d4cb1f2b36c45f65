using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>The records that a rollup counts, as the statement around it writes them.</summary>
internal interface IRollupRows
{
    /// <summary>The statement.</summary>
    SqlBuilder Sql { get; }

    /// <summary>Alias of their table.</summary>
    string Alias { get; }

    /// <summary>A result that its field has no room for is null; otherwise the statement fails.</summary>
    bool IsLenient { get; }

    /// <summary>Writes a value of a counted record.</summary>
    /// <param name="field">Field of the record.</param>
    /// <param name="column">Column of the field.</param>
    void Value(Field field, Column column);

    /// <summary>Writes the table under its alias, with all that values and condition need.</summary>
    void Table();

    /// <summary>Writes a condition of the rollup, where null counts as false.</summary>
    /// <param name="where">Formula over the record.</param>
    void Where(Expression where);
}
