using Npgsql;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Records;

/// <summary>
/// Keeps saves by an earlier model out once a publish has computed stored values anew: what they compute is what the publish has replaced. Each save
/// asks behind its last write and before its commit; the publish holds the tables from before it computes until its commit. So the save either ends
/// before, and its records are computed with the others, or it learns of the publish. See decision 19.
/// </summary>
internal static class ModelFence
{
    /// <summary>SQLSTATE of a save that came too late.</summary>
    public const string TooLate = "XRM01";

    /// <summary>The last statement of a save; it fails with <see cref="TooLate"/> where the model is too old.</summary>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="version">Version of the model that the save goes by.</param>
    public static NpgsqlBatchCommand Require(string schema, long version) =>
        new SqlBuilder().Text("select ").Name(schema, "_require_model").Text("(").Value(version, ColumnType.Integer).Text(")").ToBatchCommand();

    /// <summary>Keeps out who goes by an earlier model, as soon as the transaction commits.</summary>
    /// <param name="transaction">The transaction of a publish, which holds the tables of the values.</param>
    /// <param name="schema">Schema of the organisation.</param>
    /// <param name="version">Version that the publish makes.</param>
    /// <param name="ct">Cancels the statement.</param>
    public static async Task RaiseAsync(NpgsqlTransaction transaction, string schema, long version, CancellationToken ct)
    {
        await using var command = new SqlBuilder().Text("update ").Name(schema, "_computed_since").Text(" set version = ").Value(version, ColumnType.Integer)
            .ToCommand(transaction.Connection!, transaction);
        await command.ExecuteNonQueryAsync(ct);
    }
}
