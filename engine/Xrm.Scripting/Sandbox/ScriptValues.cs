using System.Globalization;
using Jint;
using Jint.Native;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Scripting.Sandbox;

/// <summary>Values between the CLR types of columns and JavaScript. Dates and times are ISO texts in scripts; a <c>Date</c> is accepted, too.</summary>
internal sealed class ScriptValues(Engine engine, GuardedJson json)
{
    private const long LargestExact = 1L << 53;
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public JsValue ToScript(object? value, ColumnType type) => value switch
    {
        null => JsValue.Null,
        string text => type == ColumnType.Json ? json.Parse(text) : text,
        bool truth => truth,
        // A number beyond 2^53 would lose digits as a JavaScript number.
        long whole => Math.Abs(whole) <= LargestExact ? (JsValue)(double)whole : whole.ToString(Invariant),
        decimal number => (double)number,
        double number => number,
        DateOnly date => date.ToString("yyyy-MM-dd", Invariant),
        DateTime instant => Instant(instant),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFF", Invariant),
        Guid id => id.ToString("D"),
        string[] list => List(list, ColumnType.Text),
        long[] list => List(list, ColumnType.Integer),
        Guid[] list => List(list, ColumnType.Uuid),
        _ => throw new InvalidOperationException($"A value of type {value.GetType().Name} cannot be given to a script."),
    };

    public static string Instant(DateTime instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", Invariant);

    /// <summary>True where the script left the value as it was given.</summary>
    public bool Same(JsValue given, JsValue left)
    {
        if (given.Type != left.Type) return false;
        if (!given.IsObject()) return given.Equals(left);
        return json.Stringify(given, "").ToString() == json.Stringify(left, "").ToString();
    }

    /// <summary>The value for a column.</summary>
    /// <exception cref="FormatException">The value does not fit; the message continues "must be …".</exception>
    public object? FromScript(JsValue value, Column column) => value.IsNull() || value.IsUndefined() ? null : column.Type switch
    {
        ColumnType.Text => value.IsObject() ? throw new FormatException("a text") : Text(value),
        ColumnType.Integer => Whole(value),
        ColumnType.Decimal => Number(value, column),
        ColumnType.Float => value.IsNumber() && double.IsFinite(value.AsNumber()) ? value.AsNumber() : throw new FormatException("a number"),
        ColumnType.Boolean => value.IsBoolean() ? value.AsBoolean() : throw new FormatException("true or false"),
        ColumnType.Date => DateOnly.FromDateTime(Time(value)),
        ColumnType.Timestamp => Time(value),
        ColumnType.Time => value.IsString() && TimeOnly.TryParse(value.AsString(), Invariant, out var time) ? time : throw new FormatException("a time such as 14:30"),
        ColumnType.Uuid => Id(value),
        ColumnType.Json => json.Stringify(value, "") is { } text && text.IsString() ? text.AsString() : throw new FormatException("what JSON can hold"),
        ColumnType.TextList => Elements(value).Select(element => Text(element) ?? "").ToArray(),
        ColumnType.IntegerList => Elements(value).Select(Whole).ToArray(),
        ColumnType.UuidList => Elements(value).Select(Id).ToArray(),
        _ => throw new FormatException("a value that can be stored"),
    };

    private static string? Text(JsValue value) => Jint.Runtime.TypeConverter.ToString(value) is { Length: > 0 } text ? text : null;

    private static long Whole(JsValue value)
    {
        if (value.IsNumber() && Math.Floor(value.AsNumber()) == value.AsNumber() && Math.Abs(value.AsNumber()) <= LargestExact) return (long)value.AsNumber();
        return value.IsString() && long.TryParse(value.AsString(), NumberStyles.AllowLeadingSign, Invariant, out var whole) ? whole : throw new FormatException("a whole number");
    }

    private static decimal Number(JsValue value, Column column)
    {
        decimal number;
        // The conversion of .NET keeps 15 digits: 0.1 + 0.2 becomes 0.3, as the author means it.
        if (value.IsNumber() && Math.Abs(value.AsNumber()) < 7e27) number = (decimal)value.AsNumber();
        else if (!value.IsString() || !decimal.TryParse(value.AsString(), NumberStyles.Float, Invariant, out number)) throw new FormatException("a number");
        return decimal.Round(number, Math.Min(column.Scale, 28), MidpointRounding.AwayFromZero);
    }

    public static DateTime Time(JsValue value)
    {
        if (value.IsDate() && !double.IsNaN(value.AsDate().PrimitiveValue)) return DateTime.SpecifyKind(value.AsDate().ToDateTime(), DateTimeKind.Utc);
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return value.IsString() && DateTime.TryParse(value.AsString(), Invariant, utc, out var time) ? time : throw new FormatException("a date such as 2026-11-22");
    }

    private static Guid Id(JsValue value) => value.IsString() && Guid.TryParse(value.AsString(), out var id) ? id : throw new FormatException("the id of a record");

    private static IEnumerable<JsValue> Elements(JsValue value)
    {
        if (!value.IsArray()) throw new FormatException("a list");
        var list = value.AsArray();
        for (var index = 0; index < list.Get("length").AsNumber(); index++) yield return list.Get(index.ToString(Invariant));
    }

    // Not by the constructor: "new Array(5)" is an empty list of five places, not a list of the number 5.
    private JsValue List<T>(T[] values, ColumnType type)
    {
        var list = engine.Array.Construct([]);
        for (var index = 0; index < values.Length; index++)
            list.Put(index.ToString(Invariant), ToScript(values[index], type), true);
        return list;
    }
}
