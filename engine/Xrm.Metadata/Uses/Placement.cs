using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Uses;

/// <summary>Who stands at a place of the packages, and how a thing that is named there is used: both follow from the file and the path in it.</summary>
public sealed partial class Placement
{
    private readonly FrozenDictionary<(string Package, string File), SourceFile> _files;
    private readonly FrozenDictionary<(string Package, string File), (string Entity, EntityParts Parts)> _entities;

    /// <summary>Looks at the files of packages.</summary>
    public Placement(IReadOnlyCollection<Package> packages)
    {
        _files = packages.SelectMany(Files).ToFrozenDictionary(file => (file.Package, file.Path));
        var entities = packages.SelectMany(package => package.Entities)
            .Select(entity => (entity.File, (entity.Value.Name, new EntityParts([.. entity.Value.Fields.Select(field => field.Name)], [.. entity.Value.Keys.Select(key => key.Name)],
                [.. entity.Value.Rules.Select(rule => rule.Name)], [.. (entity.Value.Lifecycle?.Transitions ?? []).Select(each => each.Name)]))));
        var extensions = packages.SelectMany(package => package.Extensions)
            .Select(extension => (extension.File, (extension.Value.Entity, new EntityParts([.. extension.Value.Fields.Select(field => field.Name)], [.. extension.Value.Keys.Select(key => key.Name)],
                [.. extension.Value.Rules.Select(rule => rule.Name)], []))));
        _entities = entities.Concat(extensions).ToFrozenDictionary(each => (each.File.Package, each.File.Path), each => each.Item2);
    }

    /// <summary>The uses, in the order of packages, files and lines. Starter rows and tests are told once for each file.</summary>
    public IEnumerable<Use> Of(IEnumerable<Reference> references) => references
        .DistinctBy(reference => (reference.Of, reference.Location.Package, reference.Location.File, reference.Location.Path, reference.IsLikely ? reference.Location.Line : 0))
        .Select(Of)
        .GroupBy(use => (use.Of, use.Location.Package, use.Location.File, use.How, Path: use.Kind is "data" or "test" ? "" : $"{use.Location.Path} {(use.IsLikely ? use.Location.Line : 0)}"))
        .Select(group => group.First() with { Times = group.Count() });

    private Use Of(Reference reference)
    {
        var (kind, name, rest) = UserAt(reference.Location);
        var location = _files.TryGetValue((reference.Location.Package, reference.Location.File), out var file) ? file.At(reference.Location.Path) : reference.Location;
        return new Use(reference.Of, kind, name, reference.IsLikely ? "mentions" : How(kind, rest), location) { IsLikely = reference.IsLikely };
    }

    private (string Kind, string Name, string Property) UserAt(SourceLocation location)
    {
        if (!location.File.Contains('/')) return ("manifest", location.Package, location.Path);
        var (folder, file) = (location.File[..location.File.IndexOf('/')], location.File[(location.File.IndexOf('/') + 1)..]);
        var name = file.EndsWith(".tests.json", StringComparison.Ordinal) ? file[..^".tests.json".Length] : Path.GetFileNameWithoutExtension(file);
        return folder switch
        {
            "entities" or "extensions" => PartOfEntity(location, folder == "entities" ? "entity" : "extension", name),
            "rules" => ("script", file, location.Path),
            "data" => ("data", name, location.Path),
            // Folders are named by the plural.
            _ => (folder == "options" ? "options" : folder[..^1], name, location.Path),
        };
    }

    private (string Kind, string Name, string Property) PartOfEntity(SourceLocation location, string kind, string entity)
    {
        if (ChangedField().Match(location.Path) is { Success: true } change) return (kind, $"{entity}.{change.Groups["name"].Value}", change.Groups["rest"] is { Length: > 0 } rest ? rest.Value : "changes");
        if (location.Path.StartsWith("$.lifecycle.field", StringComparison.Ordinal)) return ("lifecycle", entity, "field");
        if (PartPath().Match(location.Path) is not { Success: true } part || !_entities.TryGetValue((location.Package, location.File), out var known)) return (kind, entity, location.Path);
        var (found, names) = part.Groups["part"].Value switch
        {
            "fields" => ("field", known.Parts.Fields),
            "keys" => ("key", known.Parts.Keys),
            "rules" => ("rule", known.Parts.Rules),
            "indexes" => ("index", []),
            "validations" => ("validation", []),
            _ => ("transition", known.Parts.Transitions),
        };
        var index = int.Parse(part.Groups["index"].Value, System.Globalization.CultureInfo.InvariantCulture);
        return (found, index < names.Length ? $"{entity}.{names[index]}" : entity, part.Groups["rest"].Value);
    }

    /// <summary>The property that names the thing, without what only leads to it.</summary>
    private static string How(string kind, string path)
    {
        var steps = Position().Replace(path, "").Split('.', StringSplitOptions.RemoveEmptyEntries).Where(step => step != "$")
            .SkipWhile(step => kind switch { "form" => step is "tabs" or "sections", "workflow" => step is "steps" or "then" or "else", "rule" => step is "then" or "else", "test" => step is "tests", _ => false }).ToList();
        return string.Join('.', steps.Take(steps is ["rollup" or "access" or "trigger" or "currencies", ..] ? 2 : 1));
    }

    private static IEnumerable<SourceFile> Files(Package package) =>
    [
        package.ManifestFile, .. package.Entities.Select(each => each.File), .. package.Extensions.Select(each => each.File), .. package.Options.Select(each => each.File),
        .. package.Forms.Select(each => each.File), .. package.Views.Select(each => each.File), .. package.Workflows.Select(each => each.File), .. package.Actions.Select(each => each.File), .. package.Schedules.Select(each => each.File), .. package.Apps.Select(each => each.File),
        .. package.Roles.Select(each => each.File), .. package.Translations.Select(each => each.File), .. package.Data.Select(each => each.File), .. package.Tests.Select(each => each.File),
    ];

    [GeneratedRegex(@"\A\$\.changes\.(?<name>[a-z0-9_]+)\.?(?<rest>.*)\z")]
    private static partial Regex ChangedField();

    [GeneratedRegex(@"\A\$\.(?:lifecycle\.)?(?<part>fields|keys|indexes|rules|validations|transitions)\[(?<index>\d+)\]\.?(?<rest>.*)\z")]
    private static partial Regex PartPath();

    [GeneratedRegex(@"\[(?:\d+|'(?:[^'\\]|\\.)*')\]")]
    private static partial Regex Position();

    /// <summary>Names of an entity's parts, in the order of the file.</summary>
    private sealed record EntityParts(string[] Fields, string[] Keys, string[] Rules, string[] Transitions);
}
