using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Jobs;

/// <summary>Computes a field in the next records of a job. The records keep their versions: nobody has changed them.</summary>
public static class RecomputationPortion
{
    /// <summary>Records of one transaction: few, because they are locked until its end. A rollup reads many others for each.</summary>
    private const int Most = 500, MostOfRollups = 50;

    /// <summary>Computes the next records, in the order of their ids.</summary>
    /// <param name="records">The transaction, which also moves the job on.</param>
    /// <param name="job">The job.</param>
    /// <param name="ct">Cancels the statements.</param>
    /// <exception cref="XrmException">503 <c>not_ready</c>: this node does not have the model yet that asks for the values.</exception>
    public static async Task<JobProgress> RunAsync(RecordTransaction records, Job job, CancellationToken ct)
    {
        var body = RecomputationBody.Of(job);
        if (records.Published.Version < body.Version) throw new XrmException("not_ready", 503, "The server does not have the model yet that asks for these values.");
        if (records.Published.Unfilled.FirstOrDefault(field => field.ToString() == body.Field) is not { } field) return new JobProgress(0, [], null, IsLast: true);
        var most = field.Rollup is null ? Most : MostOfRollups;
        var ids = await LockAsync(records, field.Entity, job.Position, most, ct);
        if (ids.Count > 0) await records.QueueAsync(Update(records, field, ids), ct);
        return new JobProgress(ids.Count, [], ids.Count > 0 ? ids[^1] : null, ids.Count < most);
    }

    // A statement of its own: only the ones after it see what those have committed who held the locks before.
    private static Task<List<Guid>> LockAsync(RecordTransaction records, Entity entity, Guid? behind, int most, CancellationToken ct)
    {
        var sql = new SqlBuilder().Text("select ").Name("id").Text(" from ").Name(records.Schema, entity.Plural);
        if (behind is { } id) sql.Text(" where ").Name("id").Text(" > ").Value(id, ColumnType.Uuid);
        return records.QueryAsync(sql.Text(" order by ").Name("id").Text(" limit ").Number(most).Text(" for no key update"), reader => reader.GetGuid(0), ct);
    }

    private static SqlBuilder Update(RecordTransaction records, Field field, List<Guid> ids) => field.Rollup is { } rollup
        ? new RollupSql(records.Schema, records.Published, utcNow: null, isLate: true).Update(rollup, ids)
        : new FormulaSql(records.Schema, records.Published, utcNow: null).Update(field, ids);
}
