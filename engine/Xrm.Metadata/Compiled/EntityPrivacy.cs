namespace Xrm.Metadata.Compiled;

/// <summary>Whose data records of an entity hold, and what becomes of them.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Source">As written.</param>
public sealed record EntityPrivacy(Entity Entity, Source.Privacy Source)
{
    /// <summary>Lookup that leads to the person whom records are about; null where they are people themselves, or about nobody in particular.</summary>
    public Field? Subject => Source.Subject is { } name ? Entity.FindField(name) : null;

    /// <summary>What becomes of a record when its person is erased.</summary>
    public Erasure Erasure => Parse(Source.Erasure);

    /// <summary>How long a record stays after the date in <see cref="KeptFrom"/>; null for ever, or where nothing keeps it.</summary>
    public AuditPeriod? Kept => Source.Keep?.For is { } time ? AuditPeriod.TryParse(time) : null;

    /// <summary>Field from which <see cref="Kept"/> counts.</summary>
    public Field? KeptFrom => Source.Keep?.From is { } name ? Entity.FindField(name) : null;

    /// <summary>After what time records go by themselves; null for never.</summary>
    public AuditPeriod? RetainedFor => Source.Retention is { } retention ? AuditPeriod.TryParse(retention.After) : null;

    /// <summary>Field from which <see cref="RetainedFor"/> counts.</summary>
    public Field? RetainedFrom => Source.Retention is { } retention ? Entity.FindField(retention.From) : null;

    /// <summary>What becomes of records after that time.</summary>
    public Erasure Retained => Parse(Source.Retention?.Do);

    private static Erasure Parse(string? written) => written switch
    {
        "delete" => Erasure.Delete,
        "keep" => Erasure.Keep,
        _ => Erasure.Anonymise,
    };
}

/// <summary>What becomes of a record when its person is erased.</summary>
public enum Erasure
{
    /// <summary>Its personal fields are emptied.</summary>
    Anonymise,

    /// <summary>It goes.</summary>
    Delete,

    /// <summary>It stays as it is.</summary>
    Keep,
}
