namespace Xrm.Server.OData;

/// <summary>Kinds of words and signs of the query language.</summary>
internal enum QueryToken
{
    /// <summary>Nothing more.</summary>
    End,

    /// <summary>A name, keyword or option such as <c>$select</c>.</summary>
    Word,

    /// <summary>A text in single quotes.</summary>
    Text,

    /// <summary>A number, date, time or datetime: whatever begins with a digit or a minus sign.</summary>
    Number,

    /// <summary>A UUID.</summary>
    Uuid,

    /// <summary><c>duration'P1DT2H'</c></summary>
    Duration,

    /// <summary><c>(</c></summary>
    Open,

    /// <summary><c>)</c></summary>
    Close,

    /// <summary><c>,</c></summary>
    Comma,

    /// <summary><c>/</c></summary>
    Slash,

    /// <summary><c>;</c></summary>
    Semicolon,

    /// <summary><c>=</c></summary>
    Equals,

    /// <summary><c>*</c></summary>
    Star,

    /// <summary><c>:</c></summary>
    Colon,

    /// <summary><c>-</c> before something else than a digit.</summary>
    Minus,
}
