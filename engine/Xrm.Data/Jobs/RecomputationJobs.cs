using System.Text.Json;
using Dapper;
using Npgsql;
using Xrm.Data.Publishing;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Jobs;

/// <summary>Jobs that compute what publishes have left to be computed: one for each field. See decision 15.</summary>
/// <param name="schema">Schema of the organisation.</param>
public sealed class RecomputationJobs(string schema)
{
    /// <summary>
    /// Time before the first record: longer than a node takes to hear of a publish that it was not told of, and than a request takes. Nobody writes by
    /// the former model any more then.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private readonly string _table = $"\"{schema}\"._job";

    /// <summary>Brings the jobs into line with a model, in the transaction of its publish.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="published">The model to come.</param>
    /// <param name="anew">How many records there are, of the fields that are computed otherwise than before: what was done for them begins anew.</param>
    /// <param name="userId">Who publishes.</param>
    /// <param name="ct">Cancels the statements.</param>
    internal async Task PlanAsync(NpgsqlTransaction transaction, PublishedModel published, IReadOnlyDictionary<Field, long> anew, Guid userId, CancellationToken ct)
    {
        var kept = published.Unfilled.Except(anew.Keys).Select(field => field.ToString()).ToArray();
        await ExecuteAsync(transaction, $"update {_table} set state = 'cancelled', finished_at = now() where kind = '{Job.Recompute}' and finished_at is null and body ->> 'field' <> all(@kept)", new { kept }, ct);
        foreach (var field in published.Unfilled.OrderBy(field => field.ToString(), StringComparer.Ordinal))
            await ExecuteAsync(transaction, $"""
                insert into {_table} (id, kind, collection, query, body, user_id, language, total, created_at, next_attempt_at)
                select @Id, '{Job.Recompute}', @Plural, '', @Body::jsonb, @userId, 'en', @Total, now(), now() + @Grace
                where not exists (select from {_table} where kind = '{Job.Recompute}' and finished_at is null and body ->> 'field' = @Name)
                """,
                new
                {
                    Id = Guid.CreateVersion7(),
                    field.Entity.Plural,
                    Name = field.ToString(),
                    Body = JsonSerializer.Serialize(new RecomputationBody(field.ToString(), published.Version), JsonSerializerOptions.Web),
                    Total = anew.GetValueOrDefault(field),
                    userId,
                    Grace,
                }, ct);
    }

    /// <summary>Brings the values of a field into force, in the transaction of its job's last portion.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="job">The job, which ends by this transaction and was not cancelled.</param>
    /// <param name="ct">Cancels the statements.</param>
    public Task EndAsync(NpgsqlTransaction transaction, Job job, CancellationToken ct) => ExecuteAsync(transaction, $"""
        update "{schema}"._model_version set summary = jsonb_set(summary, array['unfilled'], coalesce(summary -> 'unfilled', '[]') - @Field)
        where version = (select max(version) from "{schema}"._model_version);
        select pg_notify('{ModelWatch.Channel}', @schema)
        """, new { RecomputationBody.Of(job).Field, schema }, ct);

    private static Task ExecuteAsync(NpgsqlTransaction transaction, string text, object arguments, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(text, arguments, transaction, cancellationToken: ct));
}

/// <summary>What such a job is about.</summary>
/// <param name="Field"><c>entity.field</c>.</param>
/// <param name="Version">Version of the model that asks for it.</param>
internal sealed record RecomputationBody(string Field, long Version)
{
    /// <summary>What a job is about.</summary>
    public static RecomputationBody Of(Job job) => JsonSerializer.Deserialize<RecomputationBody>(job.Body!, JsonSerializerOptions.Web)!;
}
