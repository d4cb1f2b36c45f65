namespace Xrm.Metadata.FieldTypes;

/// <summary>What a field's value is to formulas, filters and aggregates.</summary>
public enum ValueKind
{
    /// <summary>No single value (children, links): only <c>count</c> and navigation.</summary>
    None,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Exact number: integer or decimal.</summary>
    Number,

    /// <summary>Binary floating-point number.</summary>
    Float,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Calendar date.</summary>
    Date,

    /// <summary>Instant, in UTC.</summary>
    DateTime,

    /// <summary>Time of day.</summary>
    Time,

    /// <summary>Id of another record.</summary>
    Reference,

    /// <summary>Any other id.</summary>
    Uuid,

    /// <summary>List of texts or numbers.</summary>
    List,

    /// <summary>Free JSON: opaque to formulas.</summary>
    Json,
}
