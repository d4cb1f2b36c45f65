namespace Xrm.Metadata.Checking.Application;

/// <summary>At most one package says in which language records are written.</summary>
internal static class LanguageCheck
{
    public static IEnumerable<Problem> Of(Merged merged)
    {
        var saying = merged.Draft.Packages.Where(package => package.Manifest.Language is not null).ToList();
        return saying.Skip(1).Select(package => new Problem(ProblemCodes.LanguageTwice, package.ManifestFile.At("$.language"),
            $"{saying[0].Manifest.Name} already says in which language records are written.", "Leave it to one of the two packages."));
    }
}
