namespace Xrm.Data.Queries;

/// <summary>Patterns of <c>like</c>.</summary>
internal static class LikePattern
{
    /// <summary>The text with nothing special in it.</summary>
    public static string Escape(string text) => text.AsSpan().ContainsAny('\\', '%', '_')
        ? text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)
        : text;
}
