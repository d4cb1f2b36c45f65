using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline;

/// <summary>One record on its way through the pipeline.</summary>
internal sealed class SaveContext(SaveUnit unit, Operation operation, Entity entity, Guid id)
{
    // Few saves have something to tell.
    private List<SaveMessage>? _messages;
    private Dictionary<Field, string?>? _secrets;

    /// <summary>A record to create. A client may choose its id.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="entity">The record's entity.</param>
    /// <param name="body">The values, by API property.</param>
    /// <param name="path">Place in the request, with a dot behind it; empty where it is the whole of it.</param>
    public static SaveContext New(SaveUnit unit, Entity entity, JsonElement body, string path)
    {
        return new SaveContext(unit, Operation.Create, entity, ChosenId(body) ?? Guid.CreateVersion7()) { Body = body, Path = path };
    }

    /// <summary>The id that a client has chosen for a new record; null for none.</summary>
    public static Guid? ChosenId(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("id", out var chosen) && chosen.ValueKind == JsonValueKind.String && chosen.TryGetGuid(out var id) ? id : null;

    public SaveUnit Unit => unit;

    /// <summary>Create, update or delete.</summary>
    public Operation Operation => operation;

    public Entity Entity => entity;

    /// <summary>What the steps have to look at.</summary>
    public EntityDuties Duties { get; } = EntityDuties.Of(unit.Published, entity);

    /// <summary>The table of the record.</summary>
    public RecordTable Table { get; } = unit.Records.Table(entity);

    public Guid Id => id;

    public bool IsNew => operation == Operation.Create;

    /// <summary>What the client sent, by API property; undefined where nothing was sent.</summary>
    public JsonElement Body { get; init; }

    /// <summary>What shares let the caller do with the record that is changed.</summary>
    public ShareRights Shares { get; set; }

    /// <summary>Version that the client means to change; null where it does not say.</summary>
    public long? ExpectedVersion { get; init; }

    /// <summary>The transition that the client asks for; null for a plain change.</summary>
    public Transition? Transition { get; init; }

    /// <summary>The action that the client asks for; null for a plain change.</summary>
    public ActionCall? Action { get; init; }

    /// <summary>JSON of what the script of the action returned; null where it returned nothing.</summary>
    public string? ActionResult { get; set; }

    /// <summary>Brings the record back from the recycle bin: an update that <see cref="Previous"/> was loaded for.</summary>
    public bool IsRestored { get; init; }

    /// <summary>Removes for good what would go to the recycle bin, or lies in it: then <see cref="Previous"/> was loaded before.</summary>
    public bool IsPurged { get; init; }

    /// <summary>The record lay in the recycle bin before: it counted for nothing, and its deletion was told.</summary>
    public bool WasRecycled => Previous?.Get("deleted_at") is not null;

    /// <summary>The record of which this is a child or link; null for the one that the request names.</summary>
    public SaveContext? Parent { get; init; }

    /// <summary>Place in the request, before the names of fields in errors: empty or e.g. <c>lines[2].</c></summary>
    public string Path { get; init; } = "";

    /// <summary>Columns that the engine set before the client's: the lookup of a child to its parent.</summary>
    public IReadOnlyDictionary<string, object?> Fixed { get; init; } = new Dictionary<string, object?>();

    /// <summary>Values as they will be stored.</summary>
    public RecordValues Values { get; set; } = new() { ["id"] = id };

    /// <summary>Values as they are stored; null for a new record.</summary>
    public RecordValues? Previous { get; set; }

    /// <summary>Columns that the client sent.</summary>
    public HashSet<string> Given { get; } = new(StringComparer.Ordinal);

    /// <summary>Children and links that the client sent: the complete set of each.</summary>
    public Dictionary<Field, JsonElement> Sets { get; } = [];

    /// <summary>Secrets that the client sent; null for those that are to be removed. They are not among <see cref="Values"/>, which rules, plugins and the history see.</summary>
    public IEnumerable<KeyValuePair<Field, string?>> Secrets => _secrets is null ? [] : _secrets;

    /// <summary>The children and links that are saved with this record, once they are prepared.</summary>
    public List<SaveContext> Nested { get; } = [];

    /// <summary>Lookups of other records that are emptied before this one is deleted.</summary>
    public List<Field> ClearedLookups { get; } = [];

    /// <summary>Mistakes of the whole request so far.</summary>
    public List<FieldError> Errors { get; private init; } = [];

    /// <summary>What rules demand of the record as it will be in the end; null where they demand nothing.</summary>
    public RuleDemands? Demands { get; set; }

    /// <summary>What rules tell the person who saves, of the record that the request names and of all that is saved with it.</summary>
    public IReadOnlyList<SaveMessage> Messages => Parent?.Messages ?? _messages ?? [];

    /// <summary>Only moves the record to the recycle bin.</summary>
    public bool IsRecycled => operation == Operation.Delete && entity.HasRecycleBin && !IsPurged;

    /// <summary>The record is removed for good, be it that its entity has no recycle bin. What belongs to it cannot stay, for there is nothing to come back to.</summary>
    public bool IsGone => operation == Operation.Delete && !IsRecycled;

    /// <summary>Columns whose value differs from what is stored; all that have a value for a new record.</summary>
    public IEnumerable<Column> Changed => Table.Columns.Where(column => IsChanged(column.Name));

    private SaveContext Root => Parent?.Root ?? this;

    public int Depth => Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>A child or link that is saved with this record.</summary>
    public SaveContext Child(Operation childOperation, Entity childEntity, Guid childId, string path, JsonElement body, IReadOnlyDictionary<string, object?> set) =>
        new(unit, childOperation, childEntity, childId) { Parent = this, Path = Path + path, Body = body, Fixed = set, Errors = Errors, IsPurged = IsGone };

    /// <summary>A record that comes back from the recycle bin together with this one.</summary>
    public SaveContext RestoredChild(Entity childEntity, RecordValues record) =>
        new(unit, Operation.Update, childEntity, record.Id) { Parent = this, Path = Path, IsRestored = true, Previous = record, Errors = Errors };

    public bool IsChanged(string column) => !RecordValues.Same(Values.Get(column), Previous?.Get(column));

    public bool IsChanged(Field field) => field.Columns.Any(column => IsChanged(column.Name));

    /// <summary>Takes a secret that the client sent: the record is to say that it was changed now.</summary>
    /// <param name="field">The field.</param>
    /// <param name="text">The secret; null to remove it.</param>
    public void SetSecret(Field field, string? text)
    {
        (_secrets ??= [])[field] = text;
        Given.Add(field.Column!.Name);
        Values[field.Column.Name] = text is null ? null : Unit.UtcNow;
    }

    /// <summary>Notes a mistake.</summary>
    /// <param name="property">Column or field; null for the record as a whole.</param>
    /// <param name="code">Stable code.</param>
    /// <param name="message">What is wrong, for people.</param>
    public void Fail(string? property, string code, string message) =>
        Errors.Add(new FieldError(property is null && Path.Length > 0 ? Path.TrimEnd('.') : property is null ? null : Path + property, code, message));

    /// <summary>Tells something without refusing; once, however often it is said.</summary>
    /// <param name="kind"><see cref="SaveMessage.Warning"/> or <see cref="SaveMessage.Info"/>.</param>
    /// <param name="property">Column or field; null for the record as a whole.</param>
    /// <param name="message">For people.</param>
    public void Tell(string kind, string? property, string message)
    {
        var root = Root;
        var place = (Path + property)[root.Path.Length..].TrimEnd('.');
        var said = new SaveMessage(kind, place.Length == 0 ? null : place, message);
        root._messages ??= [];
        if (root._messages.Count < SaveMessage.Most && !root._messages.Contains(said)) root._messages.Add(said);
    }

    /// <summary>True where a mistake of that column is noted already: one is enough.</summary>
    public bool HasFailed(string column) => Errors.Exists(error => error.Field == Path + column);

    /// <exception cref="XrmException">400 with every mistake noted.</exception>
    public void ThrowIfFailed()
    {
        if (Errors.Count > 0) throw XrmException.Invalid([.. Errors]);
    }
}
