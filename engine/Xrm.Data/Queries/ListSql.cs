using Xrm.Data.Sql;

namespace Xrm.Data.Queries;

/// <summary>Writes conditions about the items of lists as SQL.</summary>
internal sealed class ListSql(TermSql terms)
{
    private SqlBuilder Sql => terms.Sql;

    public void Write(Term term)
    {
        switch (term)
        {
            case ListCountTerm count: Count(count); break;
            case ItemExistsTerm exists: Exists(exists); break;
            case OverlapTerm overlap: Overlap(overlap); break;
            default: throw new InvalidOperationException($"{term.GetType().Name} is not about a list.");
        }
    }

    private void Count(ListCountTerm term)
    {
        Sql.Text("coalesce(cardinality(");
        terms.Write(term.List);
        Sql.Text("), 0)::bigint");
    }

    private void Exists(ItemExistsTerm term)
    {
        Sql.Either(term.All, "(not exists (select 1 from unnest(", "(exists (select 1 from unnest(");
        terms.Write(term.List);
        Sql.Text(") as ").Name(term.Item.Alias).Text("(").Name("item").Text(") where ");
        terms.Write(term.Condition);
        Sql.Either(term.All, " is not true))", "))");
    }

    private void Overlap(OverlapTerm term)
    {
        Sql.Either(term.Exact, "coalesce(", "(");
        terms.Write(term.List);
        Sql.Text(" && ").Values(term.Items, term.ItemType).Either(term.Exact, ", false)", ")");
    }
}
