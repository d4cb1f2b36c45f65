using System.Text.Json;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Catalogue;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Server.Pipeline;

namespace Xrm.Server.Features.Publish;

/// <summary>
/// Gives everybody who can sign in, and the system itself, a record of the entity <c>user</c> with the same id, where the
/// model has such an entity: then lookups such as <c>created_by</c> and <c>owner</c> lead to it.
/// </summary>
internal sealed class UserMirror(Database database, UserStore users, RecordCommands commands, TimeProvider time)
{
    /// <summary>Name of the entity.</summary>
    public const string UserEntity = "user";

    /// <summary>Adds the missing records.</summary>
    public Task RefreshAsync(PublishedModel published, CancellationToken ct) => database.InRecordTransactionAsync(RefreshAsync, published, null, ct);

    /// <summary>Adds the missing records in a running transaction.</summary>
    /// <returns>How many were missing.</returns>
    public async Task<int> RefreshAsync(RecordTransaction records, CancellationToken ct)
    {
        if (records.Published.Model.FindEntity(UserEntity) is not { } entity) return 0;
        List<(Guid Id, string Name, string? Email)> people = [(Caller.System.UserId, "System", null)];
        people.AddRange((await users.ListAsync(ct)).Select(user => (user.Id, user.DisplayName, user.Email)));
        var unit = new SaveUnit(records, Caller.System, time.GetUtcNow().UtcDateTime) { Cause = new SaveCause("starter", UserEntity), PublishesEvents = false };
        var known = (await RecordLoader.LoadAsync(records, entity, [.. people.Select(person => person.Id)], ct)).Select(row => row.Id).ToHashSet();
        var missing = people.Where(person => !known.Contains(person.Id)).ToList();
        foreach (var (id, name, email) in missing)
            await commands.CreateAsync(unit, entity, Body(entity, id, name, email), ct);
        await records.FlushAsync(ct);
        return missing.Count;
    }

    /// <summary>The body that creates the record of a person.</summary>
    public static JsonElement Body(Entity entity, Guid id, string name, string? email)
    {
        var values = new Dictionary<string, string> { ["id"] = id.ToString(), [NameColumn(entity)] = name };
        if (email is not null && entity.FindField("email") is { Type.Name: "email", IsComputed: false }) values["email"] = email;
        return JsonSerializer.SerializeToElement(values);
    }

    // A composite name computes its main value from its parts.
    private static string NameColumn(Entity entity) =>
        entity.Primary.Columns.FirstOrDefault(column => column.Part == "last")?.Name ?? entity.Primary.Columns[0].Name;
}
