using Xrm.Data.Schema;

namespace Xrm.Data;

/// <summary>The types that columns have had: PostgreSQL refuses a prepared statement when a column of its result has another type by now.</summary>
internal sealed class ColumnTypes
{
    private readonly Dictionary<(string Table, string Column), string> _seen = [];

    /// <summary>Notes the columns of a model that comes into force. Those that it does not have are remembered: one of that name may come back with another type.</summary>
    /// <returns>True where a column has another type than it had before.</returns>
    public bool Change(PublishedModel next)
    {
        var changed = false;
        foreach (var entity in next.Model.Entities)
            foreach (var column in entity.Fields.SelectMany(field => field.Columns))
            {
                var type = SchemaType.Of(column);
                changed |= _seen.TryGetValue((entity.Plural, column.Name), out var before) && before != type;
                _seen[(entity.Plural, column.Name)] = type;
            }
        return changed;
    }
}
