using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Schema;

/// <summary>The statement that computes a stored field of all records anew, and writes only those that change.</summary>
/// <param name="schema">Schema of the organisation.</param>
/// <param name="published">The model.</param>
internal sealed class Recomputation(string schema, PublishedModel published)
{
    public SqlBuilder Of(Field field) => field.Rollup is { } rollup
        ? new RollupSql(schema, published, utcNow: null).Update(rollup, ids: null)
        : new FormulaSql(schema, published, utcNow: null).Update(field, ids: null);
}
