using System.Collections.Immutable;
using System.Text;
using Npgsql;
using Xrm.Data.Sql;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Tests.Formulas;

/// <summary>Makes a query over one row, whose values are taken from a scope: <c>select … from (select $1 as "account.name", …) as record</c>.</summary>
internal sealed class RowSql(IFormulaScope scope) : IFormulaSql
{
    private readonly StringBuilder _text = new();
    private readonly List<NpgsqlParameter> _parameters = [];
    private readonly SortedDictionary<string, (object? Value, ColumnType Type)> _columns = new(StringComparer.Ordinal);

    public FormulaUser User => scope.User;

    public DateTime UtcNow => scope.UtcNow;

    public string TimeZone => scope.TimeZone;

    public void Text(string constant) => _text.Append(constant);

    public void Value(object? value, ColumnType type) => Parameter(_text, value, type);

    public void Column(ImmutableArray<Field> path, string part)
    {
        var type = path[^1].Columns.Single(column => column.Part == part).Type;
        Column(Name(path) + (part.Length > 0 ? "#" + part : ""), scope.Value(path, part), type);
    }

    public void Outer(ImmutableArray<Field> path, string part) =>
        Column("record." + Name(path), scope.Outer(path, part), path[^1].Columns.Single(column => column.Part == part).Type);

    public void Count(ImmutableArray<Field> path) => Column(Name(path), scope.Count(path), ColumnType.Integer);

    /// <summary>The query; its text is what was written, as the only column.</summary>
    public NpgsqlCommand ToCommand(NpgsqlConnection connection)
    {
        var from = new StringBuilder();
        foreach (var (name, (value, type)) in _columns)
        {
            from.Append(from.Length == 0 ? " from (select " : ", ");
            Parameter(from, value, type);
            from.Append(type == ColumnType.Text ? " collate \"C\"" : "").Append(" as \"").Append(name).Append('"');
        }
        // "offset 0" keeps the planner from computing everything while it plans: the query must run as it does over a table.
        if (from.Length > 0) from.Append(" offset 0) as record");
        var command = new NpgsqlCommand($"select {_text}{from}", connection);
        foreach (var parameter in _parameters) command.Parameters.Add(parameter);
        return command;
    }

    private static string Name(ImmutableArray<Field> path) => (path[0].Entity.IsSettings ? path[0].Entity.Name + "!" : "") + string.Join('.', path.Select(field => field.Name));

    private void Column(string name, object? value, ColumnType type)
    {
        _columns[name] = (value, type);
        _text.Append("record.\"").Append(name).Append('"');
    }

    private void Parameter(StringBuilder text, object? value, ColumnType type)
    {
        _parameters.Add(new SqlBuilder().Value(value, type).Parameters[0]);
        text.Append('$').Append(_parameters.Count);
    }
}
