using System.Collections.Immutable;
using Npgsql;
using Xrm.Data.Errors;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>A statement that waits to be sent.</summary>
internal abstract record QueuedStatement
{
    /// <summary>The statement by itself.</summary>
    public abstract SqlBuilder ToSql(string schema);
}

/// <summary>A new row.</summary>
/// <param name="Target">Where it goes.</param>
/// <param name="Values">A value for each column of the target.</param>
internal sealed record InsertedRow(RowTarget Target, object?[] Values) : QueuedStatement
{
    public override SqlBuilder ToSql(string schema) => Target.Insert(new SqlBuilder(), schema, Values);
}

/// <summary>New values of a record.</summary>
/// <param name="Entity">The record's entity.</param>
/// <param name="Id">Id of the record.</param>
/// <param name="Values">The columns that change.</param>
internal sealed record ChangedRow(Entity Entity, Guid Id, ImmutableArray<(Column Column, object? Value)> Values) : QueuedStatement
{
    public override SqlBuilder ToSql(string schema) => Write(new SqlBuilder(), schema);

    /// <summary>Writes the statement.</summary>
    public SqlBuilder Write(SqlBuilder sql, string schema)
    {
        sql.Text("update ").Name(schema, Entity.Plural).Text(" set ");
        for (var index = 0; index < Values.Length; index++)
            (index == 0 ? sql : sql.Text(", ")).Name(Values[index].Column.Name).Text(" = ").Value(Values[index].Value, Values[index].Column.Type);
        return sql.Text(" where ").Name("id").Text(" = ").Value(Id, ColumnType.Uuid);
    }
}

/// <summary>Any other statement.</summary>
/// <param name="Sql">The statement.</param>
/// <param name="HasRows">It has a result, which nobody needs.</param>
internal sealed record OtherStatement(SqlBuilder Sql, bool HasRows) : QueuedStatement
{
    public override SqlBuilder ToSql(string schema) => Sql;
}

/// <summary>A record that was read without a lock, in the hope that nobody changes it before it is written.</summary>
/// <param name="Entity">The record's entity.</param>
/// <param name="Id">Id of the record.</param>
/// <param name="Version">Version that was read.</param>
internal sealed record AssumedRecord(Entity Entity, Guid Id, long Version)
{
    /// <summary>The query that locks the record and gives its version.</summary>
    public SqlBuilder Lock(string schema) => new SqlBuilder().Text("select ").Name("version").Text(" from ").Name(schema, Entity.Plural)
        .Text(" where ").Name("id").Text(" = ").Value(Id, ColumnType.Uuid).Text(" for no key update");

    /// <summary>Somebody was faster.</summary>
    public static XrmException Changed() => new("record_busy", 503, "Somebody else is changing the same records. Try again.");
}

/// <summary>The statements of a transaction that wait to be sent.</summary>
internal sealed class QueuedStatements
{
    private readonly List<QueuedStatement> _statements = [];

    /// <summary>How many wait.</summary>
    public int Count => _statements.Count;

    /// <summary>Nothing waits.</summary>
    public bool IsEmpty => _statements.Count == 0;

    /// <summary>How many of them have a result.</summary>
    public int Results { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(QueuedStatement statement)
    {
        _statements.Add(statement);
        if (statement is OtherStatement { HasRows: true }) Results++;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _statements.Clear();
        Results = 0;
    }

    /// <summary>Takes all as one batch.</summary>
    public NpgsqlBatch TakeBatch(NpgsqlConnection connection, NpgsqlTransaction? transaction, string schema)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        foreach (var statement in _statements) batch.BatchCommands.Add(statement.ToSql(schema).ToBatchCommand());
        Clear();
        return batch;
    }

    /// <summary>
    /// Takes all as one statement, which PostgreSQL carries out and commits by itself: new rows, and at most one record that changes. Its
    /// result is true where the record that was read without a lock is still the one that was read; otherwise nothing is written.
    /// </summary>
    /// <returns>Null, and nothing taken, where they cannot be one statement.</returns>
    public SqlBuilder? TakeSingle(string schema, IReadOnlyList<AssumedRecord> assumed)
    {
        if (!CanBeSingle(assumed)) return null;
        var sql = new SqlBuilder().Text("with ");
        var first = true;
        if (_statements[0] is ChangedRow change)
        {
            change.Write(sql.Text("changed as ("), schema).Text(" and ").Name("version").Text(" = ").Value(assumed[0].Version, ColumnType.Integer).Text(" returning true)");
            first = false;
        }
        for (var index = 0; index < _statements.Count; index++)
        {
            if (_statements[index] is not InsertedRow row) continue;
            (first ? sql : sql.Text(", ")).Text("row").Number(index).Text(" as (");
            row.Target.Insert(sql, schema, row.Values, assumed.Count > 0 ? "changed" : null).Text(")");
            first = false;
        }
        sql.Text(" select ").Either(assumed.Count > 0, "exists (select from changed)", "true");
        Clear();
        return sql;
    }

    private bool CanBeSingle(IReadOnlyList<AssumedRecord> assumed)
    {
        const int MostRows = 10;
        if (assumed.Count > 1 || _statements.Count > MostRows) return false;
        // A change of a record that is locked has a transaction of its own already.
        var isChange = _statements[0] is ChangedRow change && assumed.Count == 1 && change.Entity == assumed[0].Entity && change.Id == assumed[0].Id;
        if (isChange != (assumed.Count == 1)) return false;
        for (var index = isChange ? 1 : 0; index < _statements.Count; index++)
            if (_statements[index] is not InsertedRow) return false;
        return true;
    }
}
