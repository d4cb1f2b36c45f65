using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes as SQL what makes one value of others without calculating with numbers: choices, types, times added.</summary>
internal sealed class ConversionSql(TermSql terms)
{
    private SqlBuilder Sql => terms.Sql;

    public void Write(Term term)
    {
        switch (term)
        {
            case ShiftTerm shift: Shift(shift); break;
            case ChoiceTerm choice: Choice(choice); break;
            case CastTerm cast: Cast(cast); break;
            default: throw new InvalidOperationException($"{term.GetType().Name} is no conversion.");
        }
    }

    private void Shift(ShiftTerm term)
    {
        Sql.Text("(");
        terms.Write(term.Moment);
        if (term.Type == ColumnType.Date) Sql.Text(" + ").Value((long)term.By.TotalDays, ColumnType.Integer).Text("::int)");
        else Sql.Text(" + ").Value(term.By.Ticks / TimeSpan.TicksPerMicrosecond, ColumnType.Integer).Text(" * interval '1 microsecond')");
    }

    private void Choice(ChoiceTerm term)
    {
        Sql.Text("(case");
        foreach (var (when, then) in term.Choices)
        {
            Sql.Text(" when ");
            terms.Write(when);
            Sql.Text(" then ");
            terms.Write(then);
        }
        Sql.Text(" end)");
    }

    private void Cast(CastTerm term)
    {
        Sql.Text("(");
        terms.Write(term.Operand);
        if (term.Operand.Type == ColumnType.Timestamp || term.Type == ColumnType.Timestamp) Sql.Text(" at time zone 'UTC'");
        Sql.Text(")");
        if (term.Type != ColumnType.Timestamp) Sql.Text("::").Trusted(ColumnCodec.SqlType(term.Type));
    }
}
