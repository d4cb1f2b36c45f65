namespace Xrm.Formulas.Values;

/// <summary>What counts as true: everything but null, false, 0, empty text and the empty list.</summary>
internal static class Truth
{
    public static bool Of(object? value) => value switch
    {
        null => false,
        bool answer => answer,
        string text => text.Length > 0,
        decimal number => number != 0,
        object?[] list => list.Length > 0,
        _ => true,
    };
}
