using Xrm.Data.Sql;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Schema;

/// <summary>The statement that computes a stored field of all records anew, and writes only those that change.</summary>
internal static class Recomputation
{
    public static SqlBuilder Of(string schema, Field field, FormulaSet formulas)
    {
        var formula = formulas[field.Formula!];
        var row = new SqlBuilder().Text("update ").Name(schema, field.Entity.Plural).Text(" p set ").Name(field.Column!.Name).Text(" = ");
        formula.WriteSql(new SameRowSql(row, "p", DateTime.UnixEpoch));
        row.Text(" where ").Name("p", field.Column.Name).Text(" is distinct from ");
        formula.WriteSql(new SameRowSql(row, "p", DateTime.UnixEpoch));
        return row;
    }
}
