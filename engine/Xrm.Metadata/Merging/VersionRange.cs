using System.Globalization;

namespace Xrm.Metadata.Merging;

/// <summary>Accepted versions of a package: <c>1.4.0</c> (that one), <c>^1.2</c> (from 1.2 below 2.0), <c>~1.2</c> (from 1.2 below 1.3), <c>*</c> (any).</summary>
internal static class VersionRange
{
    /// <summary>Three numbers of a version; missing ones are 0. Null where the text is no version.</summary>
    public static Version? Parse(string text)
    {
        var parts = text.Split('-')[0].Split('.');
        if (parts.Length is 0 or > 3) return null;
        var numbers = new int[3];
        for (var i = 0; i < parts.Length; i++)
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return null;
        return new Version(numbers[0], numbers[1], numbers[2]);
    }

    /// <summary>True or false; null where the range is not one.</summary>
    public static bool? Accepts(string range, string version)
    {
        if (range == "*") return true;
        var from = Parse(range.TrimStart('^', '~'));
        var actual = Parse(version);
        if (from is null) return null;
        if (actual is null) return false;
        return range[0] switch
        {
            // Before 1.0 every minor version may break, as in npm.
            '^' => actual >= from && actual.Major == from.Major && (from.Major > 0 || actual.Minor == from.Minor),
            '~' => actual >= from && actual.Major == from.Major && actual.Minor == from.Minor,
            _ => actual == from,
        };
    }
}
