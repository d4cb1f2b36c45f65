using System.Globalization;
using System.Text.Json;
using MediatR;
using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Server.Features.Data.Commands;
using Xrm.Server.Localization;
using Xrm.Server.Pipeline;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Data;

/// <summary>Writing records over HTTP: request to command to answer, under one snapshot of the model.</summary>
internal sealed class DataWrites(IMediator mediator, CurrentModel current, CallerProvider callers, DataReads reads)
{
    private const int MostRows = 10_000;
    private const string Replayed = "Idempotency-Replayed";

    /// <summary>Who asks, and for which entity.</summary>
    /// <exception cref="XrmException">404: there is no such collection.</exception>
    public async ValueTask<RecordRequest> RequestAsync(HttpContext http, string collection)
    {
        var open = http.Features.Get<OpenTransaction>()?.Records;
        var published = open?.Published ?? current.Value;
        var entity = published.Model.FindCollection(collection) ?? throw new XrmException("unknown_collection", 404,
            Names.Nearest(collection, published.Model.Entities.Select(one => one.Plural)) is { } near
                ? $"There is no collection {collection}. Did you mean {near}?" : $"There is no collection {collection}.");
        return new RecordRequest(await callers.GetAsync(http, http.RequestAborted), published, entity, Texts.For(published.Model, http.Request)) { Transaction = open, Origin = SaveOrigin.Of(http) };
    }

    /// <summary>Runs a command and answers with the record as it is now.</summary>
    public async Task SendAsync(HttpContext http, string collection, RecordCommand command)
    {
        SavedRecord saved;
        try
        {
            saved = await mediator.Send(command, http.RequestAborted);
        }
        catch (AnsweredBeforeException before)
        {
            await RepeatAsync(http, collection, before.Answer);
            return;
        }
        http.Features.Set(new WrittenRecord(collection, saved.Id));
        var url = $"{DataReads.ServiceRoot(http.Request)}/{collection}/{saved.Id:D}";
        if (saved.IsNew) http.Response.Headers.Location = url;
        http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"W/\"{saved.Version}\"");
        if (Preferences.Has(http.Request, "return=minimal") || !saved.IsReadable)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            http.Response.Headers["OData-EntityId"] = url;
            if (saved.IsReadable) http.Response.Headers["Preference-Applied"] = "return=minimal";
            return;
        }
        http.Response.StatusCode = saved.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        await reads.SavedAsync(http, collection, saved);
    }

    /// <summary>Creates a record that belongs to another one, and answers with it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="request">Who asks, and the entity of the record that it belongs to.</param>
    /// <param name="key">That record as the URL names it.</param>
    /// <param name="via">The lookup by which it belongs to it.</param>
    public async Task CreateRelatedAsync(HttpContext http, RecordRequest request, string key, Field via)
    {
        var body = await RequestBody.ReadAsync(http);
        var owner = RequestedRecord.Key(request.Entity, key);
        var id = owner.Id ?? (Guid)(await reads.ValuesAsync(http, owner, ["id"], await reads.ContextAsync(http)))[0]!;
        var wanted = request with { Entity = via.Entity, Repeatable = RequestedRecord.Repeatable(http.Request, body) };
        await SendAsync(http, via.Entity.Plural, new CreateRecord(wanted, RelatedRecord.Of(body, via, (request.Entity, id))));
    }

    /// <summary>Creates many records and answers with what became of each.</summary>
    /// <exception cref="XrmException">400: too many of them, or all-or-nothing is asked for and some are wrong.</exception>
    public async Task CreateManyAsync(HttpContext http, RecordRequest request, JsonElement bodies)
    {
        if (bodies.GetArrayLength() > MostRows) throw new XrmException("too_many_rows", 400, $"At most {MostRows} records can be created by one call. Send the others in calls of their own.");
        var continues = Preferences.Has(http.Request, "odata.continue-on-error") || Preferences.Has(http.Request, "continue-on-error");
        if (continues) http.Response.Headers["Preference-Applied"] = "odata.continue-on-error";
        try
        {
            await RowResults.WriteAsync(http.Response, await mediator.Send(new CreateRecords(request, [.. bodies.EnumerateArray()], continues), http.RequestAborted));
        }
        catch (AnsweredBeforeException before)
        {
            http.Response.Headers[Replayed] = "true";
            http.Response.ContentType = "application/json; charset=utf-8";
            await http.Response.WriteAsync(before.Answer, http.RequestAborted);
        }
    }

    /// <summary>Answers as the first time, with the record as it is now.</summary>
    private async Task RepeatAsync(HttpContext http, string collection, string answer)
    {
        using var kept = JsonDocument.Parse(answer);
        var (id, isNew) = (kept.RootElement.GetProperty("id").GetGuid(), kept.RootElement.GetProperty("isNew").GetBoolean());
        http.Features.Set(new WrittenRecord(collection, id));
        http.Response.Headers[Replayed] = "true";
        if (isNew) http.Response.Headers.Location = $"{DataReads.ServiceRoot(http.Request)}/{collection}/{id:D}";
        http.Response.StatusCode = isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        try
        {
            await reads.OneAsync(http, collection, id.ToString("D"));
        }
        catch (XrmException gone) when (gone.Status is 403 or 404)
        {
            // It was done, whether or not the record can be shown: the caller may not read it, or it is deleted by now.
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            http.Response.Headers["OData-EntityId"] = $"{DataReads.ServiceRoot(http.Request)}/{collection}/{id:D}";
        }
    }

    /// <summary>Deletes a record and answers without content.</summary>
    public async Task DeleteAsync(HttpContext http, DeleteRecord command)
    {
        try
        {
            await mediator.Send(command, http.RequestAborted);
        }
        catch (AnsweredBeforeException)
        {
            http.Response.Headers[Replayed] = "true";
        }
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
