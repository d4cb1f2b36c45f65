namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Gathers the findings of one conversion.</summary>
internal sealed class ConversionLog
{
    public List<Finding> Losses { get; } = [];

    public List<Finding> Notes { get; } = [];

    public SortedDictionary<string, string> Places { get; } = new(StringComparer.Ordinal);

    public void Lose(string entity, string attribute, string property, string reason) => Losses.Add(new(entity, attribute, property, reason));

    public void Note(string entity, string attribute, string property, string reason) => Notes.Add(new(entity, attribute, property, reason));

    public void Place(string entity, string attribute, string place) => Places[$"{entity}.{attribute}"] = place;
}
