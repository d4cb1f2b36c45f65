using System.Globalization;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Every reason for which a value is refused: one stable code each, never reused, with the message for people.</summary>
internal static class ValueErrors
{
    internal static ReadResult WrongType(string expected) => ReadResult.Error("wrong_type", $"Expected {expected}.");

    internal static ReadResult InvalidText() => ReadResult.Error("invalid_text", "The text has a character that cannot be stored (a zero character or half of a surrogate pair).");

    internal static ReadResult LineBreak() => ReadResult.Error("line_break", "The text must be on one line.");

    internal static ReadResult TooLong(int limit) => ReadResult.Error("too_long", $"At most {Number(limit)} characters.");

    internal static ReadResult Pattern(string pattern) => ReadResult.Error("pattern_mismatch", $"The text does not match the pattern {pattern}.");

    internal static ReadResult Email() => ReadResult.Error("invalid_email", "Expected one e-mail address such as ada@example.com.");

    internal static ReadResult Phone() => ReadResult.Error("invalid_phone", "Expected a telephone number such as +49 30 123456: digits, spaces and + ( ) - . / only, with an extension if need be (x12).");

    internal static ReadResult Url() => ReadResult.Error("invalid_url", "Expected a whole address that begins with https://, http://, mailto: or tel:.");

    internal static ReadResult UrlScheme() => ReadResult.Error("url_scheme_not_allowed", "Only addresses that begin with https://, http://, mailto: or tel: are accepted.");

    internal static ReadResult Color() => ReadResult.Error("invalid_color", "Expected a colour as #rrggbb, e.g. #1c7ed6.");

    internal static ReadResult Icon() => ReadResult.Error("invalid_icon", "Expected the name of an icon in lower case, e.g. file-text.");

    internal static ReadResult Currency() => ReadResult.Error("invalid_currency", "Expected a currency as three capital letters, e.g. EUR.");

    internal static ReadResult NotWhole() => ReadResult.Error("not_whole", "Expected a whole number.");

    internal static ReadResult TooSmall(decimal limit) => ReadResult.Error("too_small", $"At least {Number(limit)}.");

    internal static ReadResult TooLarge(decimal limit) => ReadResult.Error("too_large", $"At most {Number(limit)}.");

    internal static ReadResult OutOfRange(string range) => ReadResult.Error("out_of_range", $"The value is out of range: {range}.");

    internal static ReadResult TooManyDecimals(int scale) => ReadResult.Error("too_many_decimals",
        scale == 0 ? "No digits after the decimal point." : $"At most {Number(scale)} digits after the decimal point.");

    internal static ReadResult Date() => ReadResult.Error("invalid_date", "Expected a date of the calendar as year-month-day, e.g. 2026-11-22.");

    internal static ReadResult DateTime() => ReadResult.Error("invalid_datetime", "Expected a date and time with offset, e.g. 2026-11-22T14:30:00Z or 2026-11-22T14:30:00+01:00.");

    internal static ReadResult OffsetMissing() => ReadResult.Error("offset_missing", "The time needs its offset from UTC: end it with Z or, for example, +01:00.");

    internal static ReadResult Time() => ReadResult.Error("invalid_time", "Expected a time of day as hours:minutes or hours:minutes:seconds, e.g. 14:30.");

    internal static ReadResult UnknownOption(string value) => ReadResult.Error("unknown_option", $"{value} is not one of the options.");

    internal static ReadResult TooMany(int limit) => ReadResult.Error("too_many_values", $"At most {Number(limit)} values.");

    internal static ReadResult Id() => ReadResult.Error("invalid_id", "Expected an id such as 0190163d-8694-739b-aea5-966c26f8ad91.");

    internal static ReadResult UnknownTarget(string value, IEnumerable<string> known) =>
        ReadResult.Error("unknown_target", $"{value} is not a kind of record that can be chosen here: {string.Join(", ", known)}.");

    internal static ReadResult JsonTooLong(int limit) => ReadResult.Error("too_long", $"At most {Number(limit)} characters of JSON.");

    internal static ReadResult NotStored() => ReadResult.Error("not_stored", "The field has no value of its own.");

    private static string Number(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
