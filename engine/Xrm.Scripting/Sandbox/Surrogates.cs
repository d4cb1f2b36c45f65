namespace Xrm.Scripting.Sandbox;

/// <summary>Characters beyond 65,535 are two units of a text. Scripts can cut between them; one alone is no character, and UTF-8 cannot say it.</summary>
internal static class Surrogates
{
    /// <summary>Whether the unit at that place is one of a pair without the other.</summary>
    public static bool IsHalf(string text, int at) => char.IsSurrogate(text[at])
        && !(char.IsHighSurrogate(text[at]) ? at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) : at > 0 && char.IsHighSurrogate(text[at - 1]));

    /// <summary>Whether any unit stands alone.</summary>
    public static bool HasHalf(string text) => text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') && Enumerable.Range(0, text.Length).Any(at => IsHalf(text, at));
}
