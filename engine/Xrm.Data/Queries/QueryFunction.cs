namespace Xrm.Data.Queries;

/// <summary>Functions of the query language.</summary>
public enum QueryFunction
{
    /// <summary><c>contains(text, part)</c></summary>
    Contains,

    /// <summary><c>startswith(text, beginning)</c></summary>
    StartsWith,

    /// <summary><c>endswith(text, end)</c></summary>
    EndsWith,

    /// <summary><c>tolower(text)</c></summary>
    ToLower,

    /// <summary><c>toupper(text)</c></summary>
    ToUpper,

    /// <summary><c>length(text)</c>, in characters</summary>
    Length,

    /// <summary><c>indexof(text, part)</c>: how many characters stand before the part; -1 where it is not there</summary>
    IndexOf,

    /// <summary><c>substring(text, start)</c>, <c>substring(text, start, length)</c>, from 0; a negative start counts from the end</summary>
    Substring,

    /// <summary><c>concat(text, text)</c></summary>
    Concat,

    /// <summary><c>trim(text)</c></summary>
    Trim,

    /// <summary><c>matchesPattern(text, 'pattern')</c></summary>
    MatchesPattern,

    /// <summary><c>year(date or instant)</c></summary>
    Year,

    /// <summary><c>month(date or instant)</c></summary>
    Month,

    /// <summary><c>day(date or instant)</c></summary>
    Day,

    /// <summary><c>hour(time or instant)</c></summary>
    Hour,

    /// <summary><c>minute(time or instant)</c></summary>
    Minute,

    /// <summary><c>second(time or instant)</c></summary>
    Second,

    /// <summary><c>fractionalseconds(time or instant)</c></summary>
    FractionalSeconds,

    /// <summary><c>date(instant)</c>, in UTC</summary>
    Date,

    /// <summary><c>time(instant)</c>, in UTC</summary>
    Time,

    /// <summary><c>totaloffsetminutes(instant)</c>: always 0, for instants are in UTC</summary>
    TotalOffsetMinutes,

    /// <summary><c>now()</c></summary>
    Now,

    /// <summary><c>mindatetime()</c></summary>
    MinDateTime,

    /// <summary><c>maxdatetime()</c></summary>
    MaxDateTime,

    /// <summary><c>round(number)</c>, halves away from zero</summary>
    Round,

    /// <summary><c>floor(number)</c></summary>
    Floor,

    /// <summary><c>ceiling(number)</c></summary>
    Ceiling,
}
