namespace Xrm.Metadata.FieldTypes;

/// <summary>How a value is stored, and the CLR type that carries it in memory.</summary>
public enum ColumnType
{
    /// <summary>PostgreSQL <c>text</c>; <see cref="string"/>.</summary>
    Text,

    /// <summary>PostgreSQL <c>bigint</c>; <see cref="long"/>.</summary>
    Integer,

    /// <summary>PostgreSQL <c>numeric(precision, scale)</c>; <see cref="decimal"/>.</summary>
    Decimal,

    /// <summary>PostgreSQL <c>double precision</c>; <see cref="double"/>.</summary>
    Float,

    /// <summary>PostgreSQL <c>boolean</c>; <see cref="bool"/>.</summary>
    Boolean,

    /// <summary>PostgreSQL <c>date</c>; <see cref="DateOnly"/>.</summary>
    Date,

    /// <summary>PostgreSQL <c>timestamptz</c>; <see cref="DateTime"/> of kind UTC, microsecond precision.</summary>
    Timestamp,

    /// <summary>PostgreSQL <c>time</c>; <see cref="TimeOnly"/>, microsecond precision.</summary>
    Time,

    /// <summary>PostgreSQL <c>uuid</c>; <see cref="Guid"/>.</summary>
    Uuid,

    /// <summary>PostgreSQL <c>jsonb</c>; the JSON text as <see cref="string"/>.</summary>
    Json,

    /// <summary>PostgreSQL <c>text[]</c>; array of <see cref="string"/>.</summary>
    TextList,

    /// <summary>PostgreSQL <c>bigint[]</c>; array of <see cref="long"/>.</summary>
    IntegerList,

    /// <summary>PostgreSQL <c>uuid[]</c>; array of <see cref="Guid"/>.</summary>
    UuidList,
}
