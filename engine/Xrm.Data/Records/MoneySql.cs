using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>Gives amounts that statements compute their currency and their amount in the base currency, as a save does.</summary>
/// <param name="schema">Schema of the organisation.</param>
/// <param name="published">The model.</param>
/// <param name="utcNow">The time of the change: exchange rates of its day are taken. Null for the database's clock.</param>
/// <param name="alias">Alias of the records.</param>
internal sealed class MoneySql(string schema, PublishedModel published, DateTime? utcNow, string alias)
{
    /// <summary>Joins the parts of an amount: <c>c.currency</c> and <c>b.base</c>.</summary>
    /// <param name="sql">A query of the records with their amounts <c>a.value</c>.</param>
    /// <param name="field">The money field.</param>
    public void Parts(SqlBuilder sql, Field field)
    {
        var home = published.Model.Currencies?.Base;
        sql.Text(" cross join lateral (select case when a.value is not null then coalesce(");
        Currency(sql, field);
        sql.Value(home, ColumnType.Text).Text(") end as currency) c cross join lateral (select case when c.currency = ").Value(home, ColumnType.Text)
            .Text(" then a.value else round(a.value / (");
        Rate(sql);
        sql.Text("), ").Number(field.Columns[2].Scale).Text(") end as base) b");
    }

    /// <summary>Where metadata says that the currency is; then what the record has. Each with a comma behind it.</summary>
    private void Currency(SqlBuilder sql, Field field)
    {
        var source = field.Source.Currency;
        if (source is not null && MoneyType.IsCode(source)) sql.Value(source, ColumnType.Text).Text(", ");
        else if (source is not null && source.Contains('.')) OfOther(sql, field.Entity, source);
        else
        {
            if (source is not null && field.Entity.FindColumn(source) is { } held && published.Formulas.IsStored(held.Field)) sql.Name(alias, held.Column.Name).Text(", ");
            if (published.Formulas.IsStored(field)) sql.Name(alias, field.Columns[1].Name).Text(", ");
        }
    }

    // The currency of another record, such as the account's: one query in the other for each lookup of the path.
    private void OfOther(SqlBuilder sql, Entity entity, string path)
    {
        var names = path.Split('.');
        var lookups = new List<Field>();
        foreach (var name in names[..^1])
        {
            lookups.Add(entity.FindField(name)!);
            entity = lookups[^1].Targets[0];
        }
        if (entity.FindField(names[^1]) is not { Column: { } held } last || !published.Formulas.IsStored(last)) return;
        for (var index = lookups.Count - 1; index >= 0; index--)
            sql.Text("(select o.").Name(index == lookups.Count - 1 ? held.Name : lookups[index + 1].Columns[0].Name).Text(" from ").Name(schema, lookups[index].Targets[0].Plural).Text(" o where o.").Name("id").Text(" = ");
        sql.Name(alias, lookups[0].Columns[0].Name);
        foreach (var _ in lookups) sql.Text(")");
        sql.Text(", ");
    }

    private void Rate(SqlBuilder sql)
    {
        if (published.Model.Currencies is not { } currencies || published.Model.FindEntity(currencies.Entity) is not { } entity)
        {
            sql.Text("cast(null as numeric)");
            return;
        }
        sql.Text("select x.").Name(Column(currencies.Rate)).Text(" from ").Name(schema, entity.Plural).Text(" x where x.").Name(Column(currencies.Currency))
            .Text(" = c.currency and x.").Name(Column(currencies.ValidFrom)).Text(" <= ");
        if (utcNow is { } now) sql.Value(DateOnly.FromDateTime(now), ColumnType.Date);
        else sql.Text("cast(now() at time zone 'UTC' as date)");
        sql.Text(" and x.").Name(Column(currencies.Rate)).Text(" > 0");
        if (entity.HasRecycleBin) sql.Text(" and x.").Name("deleted_at").Text(" is null");
        sql.Text(" order by x.").Name(Column(currencies.ValidFrom)).Text(" desc limit 1");

        string Column(string field) => entity.FindField(field)!.Column!.Name;
    }
}
