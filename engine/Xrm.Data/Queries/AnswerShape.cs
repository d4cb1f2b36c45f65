using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>What the values of an answered row are, for forms of the answer that say more than the usual one.</summary>
/// <param name="Entity">Entity of the row; null where it is no record.</param>
/// <param name="Properties">Its properties by name.</param>
/// <param name="ShowsAll">All properties are there that the caller may see.</param>
public sealed record AnswerShape(Entity? Entity, ImmutableDictionary<string, AnswerProperty> Properties, bool ShowsAll = false)
{
    private static readonly AnswerShape Kind = new(null, ImmutableDictionary<string, AnswerProperty>.Empty.Add("id", new(ColumnType.Uuid)).Add("label", new(ColumnType.Text)));

    /// <summary>The rows of a list, or the one record.</summary>
    public static AnswerShape Of(QueryPlan plan) => Of(plan.Rows.Row, plan.Entity);

    /// <summary>The rows of a summary.</summary>
    public static AnswerShape Of(SummaryPlan plan) => Of([.. plan.Columns.Where(column => !column.IsHidden).Select(column => (column.Path, column.Term.Type))], 0);

    private static AnswerShape Of(ImmutableArray<(ImmutableArray<string> Path, ColumnType Type)> columns, int depth) => new(null, columns.GroupBy(column => column.Path[depth]).ToImmutableDictionary(group => group.Key, group =>
        group.First().Path.Length == depth + 1 ? new AnswerProperty(group.First().Type) : new AnswerProperty(ColumnType.Json, Of([.. group], depth + 1))));

    private static AnswerShape Of(PlannedRow row, Entity entity)
    {
        var properties = ImmutableDictionary.CreateBuilder<string, AnswerProperty>(StringComparer.Ordinal);
        foreach (var column in row.Columns) properties[column.Name] = new AnswerProperty(column.Term is AsJsonTerm json ? json.Operand.Type : column.Term.Type) { IsFile = column.Term is FileTerm };
        foreach (var expand in row.Expands) properties[expand.Name] = new AnswerProperty(ColumnType.Json, Inner(expand));
        return new AnswerShape(entity, properties.ToImmutable(), row.ShowsAll);
    }

    private static AnswerShape? Inner(PlannedExpand expand) => expand switch
    {
        OneExpand one => Of(one.Row, one.Source.Entity),
        ManyExpand many => Of(many.Rows.Row, many.Rows.Set.Root.Entity),
        KindExpand => Kind,
        _ => null,
    };
}

/// <summary>One property of an answered row.</summary>
/// <param name="Type">Type of its value.</param>
/// <param name="Rows">What stands inside of it, one or many; null for a value.</param>
public sealed record AnswerProperty(ColumnType Type, AnswerShape? Rows = null)
{
    /// <summary>A file, or a list of them.</summary>
    public bool IsFile { get; init; }
}
