using System.Text.Json;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Reads JSON arrays. An empty one is no value, so that nothing has one form alone.</summary>
internal static class ListValue
{
    /// <summary>An array of the element type, each value once, in the order given; or the first error of an element.</summary>
    /// <typeparam name="T">CLR type of an element.</typeparam>
    /// <param name="json">The value.</param>
    /// <param name="expected">What it should be, for people.</param>
    /// <param name="most">Largest number of elements.</param>
    /// <param name="read">Reads one element; a null value is left out.</param>
    /// <param name="comparer">When two elements are the same.</param>
    internal static ReadResult Read<T>(JsonElement json, string expected, int most, Func<JsonElement, ReadResult> read, IEqualityComparer<T>? comparer = null)
    {
        if (json.ValueKind != JsonValueKind.Array) return ValueErrors.WrongType(expected);
        var values = new List<T>();
        var seen = new HashSet<T>(comparer);
        foreach (var element in json.EnumerateArray())
        {
            var result = read(element);
            if (!result.Ok) return result;
            if (result.Value is not T value || !seen.Add(value)) continue;
            if (values.Count == most) return ValueErrors.TooMany(most);
            values.Add(value);
        }
        return values.Count == 0 ? default : new(values.ToArray());
    }
}
