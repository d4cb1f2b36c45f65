using System.Buffers;
using System.Globalization;
using System.Text;
using System.Xml;
using Xrm.Data.Queries;

namespace Xrm.Server.OData;

/// <summary>Reads constants. Numbers are exact: what a decimal cannot hold is refused, not rounded.</summary>
internal static class LiteralParser
{
    private const int MostDigits = 28;
    private static readonly string[] DateTimeForms = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK"];
    private static readonly string[] TimeForms = ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFF"];

    /// <summary>True where the current token can only be a constant.</summary>
    public static bool IsLiteral(ref readonly QueryLexer lexer) =>
        lexer.Token is QueryToken.Text or QueryToken.Number or QueryToken.Uuid or QueryToken.Duration || lexer.Is("null") || lexer.Is("true") || lexer.Is("false");

    /// <summary>Reads the constant at the current token and goes on.</summary>
    public static LiteralNode Read(ref QueryLexer lexer)
    {
        var position = lexer.Position;
        var (kind, value) = lexer.Token switch
        {
            QueryToken.Text => (LiteralKind.Text, (object?)Unquote(ref lexer)),
            QueryToken.Uuid => (LiteralKind.Uuid, Guid.ParseExact(lexer.Span, "D")),
            QueryToken.Number => ReadNumber(ref lexer),
            QueryToken.Duration => (LiteralKind.Duration, ReadDuration(ref lexer)),
            _ when lexer.Is("null") => (LiteralKind.Null, null),
            _ when lexer.Is("true") => (LiteralKind.Boolean, true),
            _ when lexer.Is("false") => (LiteralKind.Boolean, false),
            _ => throw lexer.Expected("a constant"),
        };
        lexer.Read();
        return new LiteralNode(kind, value, position);
    }

    /// <summary>True where PostgreSQL can hold the text: no NUL character and no half of a surrogate pair.</summary>
    public static bool IsStorable(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (text[0] == '\0' || Rune.DecodeFromUtf16(text, out _, out var length) != OperationStatus.Done) return false;
            text = text[length..];
        }
        return true;
    }

    private static string Unquote(ref QueryLexer lexer)
    {
        var inner = lexer.Span[1..^1];
        if (!IsStorable(inner)) throw lexer.Wrong("the text contains a character that no text can have (U+0000, or half of a surrogate pair).");
        return inner.Contains('\'') ? inner.ToString().Replace("''", "'", StringComparison.Ordinal) : inner.ToString();
    }

    private static (LiteralKind, object?) ReadNumber(ref QueryLexer lexer)
    {
        var text = lexer.Span;
        if (text.Contains(':')) return text.Contains('T') ? (LiteralKind.DateTime, ReadDateTime(ref lexer)) : (LiteralKind.Time, ReadTime(ref lexer));
        if (text.Length > 4 && text[4] == '-') return (LiteralKind.Date, ReadDate(ref lexer));
        return (LiteralKind.Number, ReadDecimal(ref lexer));
    }

    private static object ReadDecimal(ref QueryLexer lexer)
    {
        // Older versions of OData wrote the type of a number behind it, and some libraries still do.
        var text = lexer.Span[^1] is 'L' or 'l' or 'M' or 'm' or 'D' or 'd' or 'F' or 'f' ? lexer.Span[..^1] : lexer.Span;
        if (text.ContainsAnyExcept("0123456789.-+eE")) throw lexer.Expected("a number");
        if (text.ContainsAny('e', 'E'))
            return ReadPower(text) ?? throw lexer.Expected("a number");
        if (CountDigits(text) > MostDigits) throw lexer.Wrong($"a number may have {MostDigits} digits.");
        return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && text[^1] != '.' ? number : throw lexer.Expected("a number");
    }

    /// <summary>A number with an exponent: exact where a decimal can hold it, which 1e-30 and 1e300 are not.</summary>
    private static object? ReadPower(ReadOnlySpan<char> text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var power) || !double.IsFinite(power)) return null;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && (double)exact == power ? exact : power;
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var sign in text)
            if (char.IsAsciiDigit(sign)) count++;
        return count;
    }

    /// <summary>Days, hours, minutes and seconds: months and years have no length of their own.</summary>
    private static object ReadDuration(ref QueryLexer lexer)
    {
        var text = lexer.Span["duration'".Length..^1];
        var (time, months) = (text.IndexOf('T'), text.IndexOf('M'));
        if (text.Length <= 40 && !text.Contains('Y') && (months < 0 || (time >= 0 && months > time)))
        {
            try
            {
                return XmlConvert.ToTimeSpan(text.ToString());
            }
            catch (Exception wrong) when (wrong is FormatException or OverflowException)
            {
                // Told below.
            }
        }
        throw lexer.Expected("a duration such as duration'P1DT2H30M'");
    }

    private static object ReadDate(ref QueryLexer lexer) =>
        DateOnly.TryParseExact(lexer.Span, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date : throw lexer.Expected("a date such as 2026-11-22");

    private static object ReadTime(ref QueryLexer lexer) =>
        TimeOnly.TryParseExact(Microseconds(lexer.Span), TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time : throw lexer.Expected("a time of day such as 10:30:00");

    /// <summary>The text of a time without the digits that are too fine to be kept. Clients send up to twelve.</summary>
    private static string Microseconds(ReadOnlySpan<char> text)
    {
        var first = text.IndexOf('.') + 1;
        var digits = first == 0 ? 0 : text[first..].IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length - first;
        return digits is > 6 and <= 12 ? string.Concat(text[..(first + 6)], text[(first + digits)..]) : text.ToString();
    }

    private static object ReadDateTime(ref QueryLexer lexer)
    {
        var text = lexer.Span;
        var hasZone = text[^1] == 'Z' || text.LastIndexOfAny('+', '-') > text.IndexOf('T');
        // Without a zone the same text would mean other instants on other machines.
        return hasZone && DateTimeOffset.TryParseExact(Microseconds(text), DateTimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? instant.UtcDateTime : throw lexer.Expected("a date and time with its zone, such as 2026-11-22T10:00:00Z (write + as %2B in a URL)");
    }
}
