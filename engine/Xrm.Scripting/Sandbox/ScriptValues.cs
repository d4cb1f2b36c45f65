using System.Globalization;
using Jint;
using Jint.Native;
using Xrm.Metadata.FieldTypes;
using Xrm.Scripting.Sandbox.Numbers;

namespace Xrm.Scripting.Sandbox;

/// <summary>Values between the CLR types of columns and JavaScript. Dates and times are ISO texts in scripts; a <c>Date</c> is accepted, too.</summary>
internal sealed class ScriptValues(Engine engine, GuardedJson json, Arithmetic numbers)
{
    // The years 1 to 9999, in milliseconds since 1970.
    private const double FirstMoment = -62_135_596_800_000;
    private const double LastMoment = 253_402_300_799_999;
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    public JsValue ToScript(object? value, ColumnType type) => value switch
    {
        null => JsValue.Null,
        string text => type == ColumnType.Json ? json.Parse(text) : text,
        bool truth => truth,
        long whole => numbers.Value(whole),
        decimal number => numbers.Value(number),
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
        ColumnType.Text => value.IsObject() && !Arithmetic.IsDecimal(value) ? throw new FormatException("a text") : Text(value),
        ColumnType.Integer => Whole(value),
        ColumnType.Decimal => Number(value, column),
        ColumnType.Float => (double)Decimal(value),
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

    private static string? Text(JsValue value)
    {
        var text = Jint.Runtime.TypeConverter.ToString(value);
        if (Surrogates.HasHalf(text)) throw new FormatException("a text of whole characters; it has half of one (of a surrogate pair), a character that cannot be stored");
        return text.Length > 0 ? text : null;
    }

    private static long Whole(JsValue value) => Decimal(value) is var number && number == decimal.Truncate(number) ? decimal.ToInt64(number) : throw new FormatException("a whole number");

    private static decimal Number(JsValue value, Column column) => decimal.Round(Decimal(value), Math.Min(column.Scale, 28), MidpointRounding.AwayFromZero);

    private static decimal Decimal(JsValue value)
    {
        if (Arithmetic.Decimal(value) is { } number) return number;
        if (value.IsString() && decimal.TryParse(value.AsString(), NumberStyles.Float, Invariant, out var written)) return written;
        throw new FormatException(value.IsNumber() ? $"a number; it is {(double.IsNaN(value.AsNumber()) ? "NaN, no number" : "infinite")}, as after a division by zero" : "a number");
    }

    public static DateTime Time(JsValue value)
    {
        if (value.IsDate() && value.AsDate().PrimitiveValue is >= FirstMoment and <= LastMoment) return DateTime.SpecifyKind(value.AsDate().ToDateTime(), DateTimeKind.Utc);
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
