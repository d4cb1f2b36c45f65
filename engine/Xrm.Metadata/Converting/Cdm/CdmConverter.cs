using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Turns documents of Microsoft's Common Data Model into a package.</summary>
public static class CdmConverter
{
    /// <summary>Reads a folder of <c>*.cdm.json</c> documents and converts its record types.</summary>
    /// <param name="directory">The folder; documents in its folders count, too.</param>
    /// <param name="options">What to make of them.</param>
    /// <param name="ct">Stops the conversion.</param>
    /// <returns>The files of the package, the same bytes for the same documents, and what could not be carried over.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The documents cannot be understood.</exception>
    public static async Task<(PackageFiles Files, ConversionReport Report)> ConvertAsync(string directory, CdmOptions options, CancellationToken ct)
    {
        var documents = await CdmDocuments.ReadAsync(directory, ct);
        var resolver = new CdmResolver(documents);
        var records = new RecordTypes(documents, resolver);
        var names = CdmNames.OfEntities(records.Names, options.Prefix);
        var log = new ConversionLog();
        var entities = records.Names.Select(name => Convert(name, documents, resolver, names, log)).ToList();
        var order = CreationOrder.Of(entities);
        entities = Relax(entities, order, log);
        return (Files(options.Package, entities), Report(records, resolver, order, log));
    }

    private static Entity Convert(string name, CdmDocuments documents, CdmResolver resolver, FrozenDictionary<string, (string Name, string Plural)> names, ConversionLog log)
    {
        var definition = documents.Entity(name)!.Value;
        var traits = CdmTrait.In(definition, "exhibitsTraits");
        var fields = new FieldConverter(name, new CdmDataTypes(documents), names.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Name, StringComparer.OrdinalIgnoreCase), log);
        foreach (var trait in traits.Where(trait => trait.Name is not ("is.localized.displayedAs" or "is.localized.describedAs")))
            log.Note(name, "", trait.Name, $"{trait.Text} says where the definition comes from.");
        return new EntityConverter(name, resolver.Attributes(name), fields, CurrencyCode(resolver), log).Convert(
            names[name],
            CdmJson.Text(definition, "displayName") ?? CdmAttribute.Localized(traits, "is.localized.displayedAs") ?? Names.ToLabel(Words.ToName(name, CdmNames.LongestField)),
            CdmJson.Text(definition, "description") ?? CdmAttribute.Localized(traits, "is.localized.describedAs"));
    }

    private static string? CurrencyCode(CdmResolver resolver) =>
        resolver.Attributes("Currency").FirstOrDefault(attribute => attribute.Name == "ISOCurrencyCode") is { } code ? Words.ToName(code.Name, CdmNames.LongestField) : null;

    // Entities that require one another could never get a first record.
    private static List<Entity> Relax(List<Entity> entities, CreationOrder order, ConversionLog log)
    {
        var sources = log.Places.GroupBy(pair => pair.Value).ToDictionary(group => group.Key, group => group.First().Key.Split('.'));
        foreach (var source in order.Unmet.Select(unmet => sources[$"{unmet.Entity}.{unmet.Field}"]))
            log.Lose(source[0], source[1], "is.requiredAtLevel", "Entities that require one another: recommended, so that a first record can be created.");
        var unmet = order.Unmet.ToHashSet();
        return [.. entities.Select(entity => entity with
        {
            Fields = [.. entity.Fields.Select(field => unmet.Contains((entity.Name, field.Name)) ? field with { Required = null, Recommended = true } : field)],
        })];
    }

    private static PackageFiles Files(string package, List<Entity> entities)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<byte>>(StringComparer.Ordinal);
        files["manifest.json"] = Write(new Manifest
        {
            FormatVersion = 1,
            Name = package,
            Version = "1.0.0",
            Label = Names.ToLabel(package),
            Description = "Converted from documents of the Common Data Model.",
        });
        foreach (var entity in entities) files[$"entities/{entity.Name}.json"] = Write(entity);
        files[$"apps/{package}.json"] = Write(new App
        {
            Name = package,
            Label = Names.ToLabel(package),
            Navigation = [new NavigationGroup { Items = [.. entities.OrderBy(entity => entity.PluralLabel, StringComparer.Ordinal).Select(entity => new NavigationItem { Entity = entity.Name })] }],
        });
        return new(package, files.ToImmutable());
    }

    private static ImmutableArray<byte> Write<T>(T value) => [.. Encoding.UTF8.GetBytes(JsonSerializer.Serialize(value, SourceJson.Options) + "\n")];

    private static ConversionReport Report(RecordTypes records, CdmResolver resolver, CreationOrder order, ConversionLog log) => new()
    {
        Entities = records.Names.Length,
        Attributes = records.Names.Sum(name => resolver.Attributes(name).Length),
        AttributesWithLoss = log.Losses.Where(loss => loss.Attribute.Length > 0).Select(loss => (loss.Entity, loss.Attribute)).Distinct().Count(),
        Losses = [.. log.Losses],
        Notes = [.. log.Notes],
        Places = log.Places.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Skipped = records.Skipped,
        CreationOrder = order.Entities,
    };
}
