using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Publish;

/// <summary>Makes the one record of each entity of settings where it is not there, from the defaults of its fields, through the same pipeline as every other save.</summary>
internal sealed class SettingsRecords(RecordCommands commands, TimeProvider time)
{
    private static readonly JsonElement Nothing = JsonSerializer.Deserialize<JsonElement>("{}");

    /// <summary>Makes what is missing.</summary>
    /// <param name="records">The publish's transaction, over the new model; flushed at the end.</param>
    /// <param name="ct">Cancels the work.</param>
    /// <returns>Why a record could not be made; the transaction must then be rolled back.</returns>
    public async Task<IReadOnlyList<Problem>> AddAsync(RecordTransaction records, CancellationToken ct)
    {
        var problems = new List<Problem>();
        foreach (var entity in records.Published.Model.Entities.Where(entity => entity.IsSettings))
            if (await RecordLoader.SettingsAsync(records, entity, ct) is null) problems.AddRange(await AddAsync(records, entity, ct));
        if (problems.Count == 0) await records.FlushAsync(ct);
        return problems;
    }

    private async Task<IReadOnlyList<Problem>> AddAsync(RecordTransaction records, Entity entity, CancellationToken ct)
    {
        var unit = new SaveUnit(records, Caller.System, time.GetUtcNow().UtcDateTime) { Cause = new SaveCause(SaveCause.Settings, entity.Package), PublishesEvents = false };
        try
        {
            await commands.CreateAsync(unit, entity, Nothing, ct);
            return [];
        }
        catch (XrmException refused)
        {
            return [.. refused.Errors.DefaultIfEmpty(new FieldError(null, refused.Code, refused.Message)).Select(error => new Problem("settings_refused",
                entity.FindColumn(error.Field ?? "")?.Field.Location ?? entity.Location, $"The record of {entity.Name} cannot be made from the defaults: {error.Message}", "Give the fields defaults that make a correct record."))];
        }
    }
}
