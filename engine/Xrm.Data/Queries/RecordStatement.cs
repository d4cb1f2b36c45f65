using System.Buffers;
using System.Text.Json;
using Npgsql;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>The statement that reads one record.</summary>
internal sealed class RecordStatement
{
    private readonly SqlBuilder _sql;
    private readonly string _text;
    private RecordLanes? _lanes;

    /// <param name="plan">The plan.</param>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="root">URL of the data API, for links to the rest of lists; a statement that serves all records has none.</param>
    public RecordStatement(QueryPlan plan, string schema, string root)
    {
        _sql = SelectSql.Rows(plan, schema);
        _text = _sql.ToString();
        Writer = new RowWriter(plan.Rows.Row, root);
        (ServesAll, IsVersioned, Shape, TimeLimit) = (plan.IsInValues, plan.IsVersioned, plan.Shape, plan.TimeLimit);
    }

    /// <summary>Reads any record: stored values alone depend neither on the time nor on another record.</summary>
    public bool ServesAll { get; }

    /// <summary>An unchanged version means an unchanged answer.</summary>
    public bool IsVersioned { get; }

    /// <summary>What the record shows, for the URL of its metadata.</summary>
    public string Shape { get; }

    /// <summary>Longest time for it; null for that of the connection.</summary>
    public TimeSpan? TimeLimit { get; }

    /// <summary>Writes the row.</summary>
    public RowWriter Writer { get; }

    /// <summary>Where many requests read by it; only for a statement that serves all records.</summary>
    public RecordLanes Lanes(Database database) => _lanes ?? Interlocked.CompareExchange(ref _lanes, new RecordLanes(database, this), null) ?? _lanes;

    /// <summary>Writes the record of the reader's present result.</summary>
    public async ValueTask<OneAnswer> AnswerAsync(NpgsqlDataReader reader, IBufferWriter<byte> output, OneRequest request, CancellationToken ct)
    {
        if (!await reader.ReadAsync(ct)) return default;
        var version = reader.GetInt64(0);
        if (IsVersioned && version == request.KnownVersion) return new OneAnswer(version, IsKnown: true);
        await using var writer = new Utf8JsonWriter(output, RecordReader.Options);
        Writer.Write(writer, reader, RecordReader.About(request.Collection, Shape));
        return new OneAnswer(version, IsKnown: false);
    }

    /// <summary>The command for one record: of a statement that serves only one, for that one.</summary>
    public NpgsqlCommand ToCommand(Guid id, NpgsqlConnection connection)
    {
        if (!ServesAll) return _sql.ToCommand(connection).Within(TimeLimit);
        var command = new NpgsqlCommand(_text, connection).Within(TimeLimit);
        AddParameters(id, command.Parameters);
        return command;
    }

    /// <summary>The command for one record as a part of a batch; only for a statement that serves all records.</summary>
    public NpgsqlBatchCommand ToBatchCommand(Guid id)
    {
        var command = new NpgsqlBatchCommand(_text);
        AddParameters(id, command.Parameters);
        return command;
    }

    private void AddParameters(Guid id, NpgsqlParameterCollection parameters)
    {
        // The id is the first condition, and stored values bring no parameters before it.
        parameters.Add(ColumnCodec.Parameter(id, ColumnType.Uuid));
        foreach (var other in _sql.Parameters.Skip(1)) parameters.Add(other.Clone());
    }
}
