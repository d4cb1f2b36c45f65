using System.Collections.Immutable;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Which entities of the documents are record types, as opposed to building blocks and parts of the modelling language.</summary>
internal sealed class RecordTypes
{
    /// <summary>Finds them: entities that people see under a name, and what those refer to or contain.</summary>
    public RecordTypes(CdmDocuments documents, CdmResolver resolver)
    {
        var found = documents.EntityNames.Where(name => IsNamed(documents, name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var queue = new Queue<string>(found);
        while (queue.TryDequeue(out var name))
        {
            var targets = resolver.Attributes(name).SelectMany(attribute => attribute.Targets).Concat(resolver.Contained.ToList());
            foreach (var target in targets.Where(target => documents.Entity(target) is not null))
                if (found.Add(target)) queue.Enqueue(target);
        }
        Names = [.. documents.EntityNames.Where(found.Contains)];
        Skipped = documents.EntityNames.Where(name => !found.Contains(name))
            .ToImmutableSortedDictionary(name => name, _ => "A building block: it has no name for people and nothing refers to it.", StringComparer.Ordinal);
    }

    /// <summary>Names of the record types, in the order of the documents.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The others, with the reason.</summary>
    public ImmutableSortedDictionary<string, string> Skipped { get; }

    private static bool IsNamed(CdmDocuments documents, string name)
    {
        var definition = documents.Entity(name)!.Value;
        return CdmJson.Text(definition, "sourceName") is not null || CdmJson.Text(definition, "displayName") is not null
            || CdmTrait.In(definition, "exhibitsTraits").Any(trait => trait.Name == "is.localized.displayedAs");
    }
}
