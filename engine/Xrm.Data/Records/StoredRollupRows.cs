using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>What stored rollups count: stored values of the records themselves.</summary>
/// <param name="sql">The statement.</param>
/// <param name="schema">Schema of the organisation.</param>
/// <param name="published">The model.</param>
/// <param name="counted">Entity of the records.</param>
/// <param name="parent">Alias of the record that shows the rollup.</param>
internal sealed class StoredRollupRows(SqlBuilder sql, string schema, PublishedModel published, Entity counted, string parent) : IRollupRows
{
    private readonly RowValue _values = new(sql, schema, published);

    public SqlBuilder Sql => sql;

    /// <summary>Another than that of the record, which may be counted in a rollup further out.</summary>
    public string Alias { get; } = parent.StartsWith('e') ? parent + "e" : "e";

    public bool IsLenient { get; init; }

    public void Value(Field field, Column column) => _values.Write(Alias, field, column);

    public void Table() => sql.Name(schema, counted.Plural).Text(" ").Name(Alias);

    // It does not ask for the time: what counts would change by itself.
    public void Where(Expression where) => published.Formulas[where].WriteSql(new SameRowSql(sql, Alias, DateTime.UnixEpoch, _values));
}
