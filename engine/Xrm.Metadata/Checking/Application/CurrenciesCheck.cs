namespace Xrm.Metadata.Checking.Application;

/// <summary>At most one package says where exchange rates are, and they are there.</summary>
internal static class CurrenciesCheck
{
    public static IEnumerable<Problem> Of(Merged merged)
    {
        var problems = new List<Problem>();
        var saying = merged.Draft.Packages.Where(package => package.Manifest.Currencies is not null).ToList();
        foreach (var package in saying.Skip(1))
            problems.Add(new Problem(ProblemCodes.CurrenciesTwice, package.ManifestFile.At("$.currencies"), $"{saying[0].Manifest.Name} already says where exchange rates are.", "Leave it to one of the two packages."));
        foreach (var package in saying)
        {
            var currencies = package.Manifest.Currencies!;
            if (merged.Draft.Find(currencies.Entity, package.ManifestFile.At("$.currencies.entity"), problems) is not { } entity) continue;
            foreach (var (property, field) in new[] { ("currency", currencies.Currency), ("validFrom", currencies.ValidFrom), ("rate", currencies.Rate) })
                if (!entity.Has(field)) problems.Add(Unknown.Field(entity, field, package.ManifestFile.At($"$.currencies.{property}")));
        }
        return problems;
    }
}
