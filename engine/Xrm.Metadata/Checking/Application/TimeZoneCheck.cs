using System.Text.RegularExpressions;

namespace Xrm.Metadata.Checking.Application;

/// <summary>At most one package says in which time zone the organisation lives, and there is that zone.</summary>
internal static partial class TimeZoneCheck
{
    public static IEnumerable<Problem> Of(Merged merged)
    {
        var saying = merged.Draft.Packages.Where(package => package.Manifest.TimeZone is not null).ToList();
        foreach (var package in saying.Skip(1))
            yield return new Problem(ProblemCodes.TimeZoneTwice, package.ManifestFile.At("$.timeZone"), $"{saying[0].Manifest.Name} already says in which time zone the organisation lives.", "Leave it to one of the two packages.");
        foreach (var package in saying.Where(package => !IsKnown(package.Manifest.TimeZone!)))
            yield return new Problem(ProblemCodes.TimeZoneUnknown, package.ManifestFile.At("$.timeZone"), $"There is no time zone {package.Manifest.TimeZone}.", "Give a name of the IANA time zone database, such as Europe/Berlin, or UTC.");
    }

    private static bool IsKnown(string zone) => Name().IsMatch(zone) && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _);

    // PostgreSQL takes a short name such as CET for an offset that knows no summer; those of Windows it does not know.
    [GeneratedRegex(@"\A(UTC|[A-Z][A-Za-z_]*(/[A-Za-z0-9_+-]+)+)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
