namespace Xrm.SampleLibrary;

/// <summary>What the sample plugin needs and the server does not have.</summary>
public static class Codes
{
    /// <summary>A code for a title: its first letters, upper case.</summary>
    public static string Of(string title) => title[..Math.Min(4, title.Length)].ToUpperInvariant();
}
