using System.Collections.Immutable;
using Xrm.Metadata.Checking;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Merging;

/// <summary>Puts the packages together: entities, then the layers that other packages lay over them, then link entities and the other sides of links.</summary>
internal sealed class Merger(ImmutableArray<Package> packages, List<Problem> problems)
{
    private readonly Draft _draft = new(packages);

    public Draft Merge()
    {
        foreach (var package in packages)
            foreach (var file in package.Entities)
                AddEntity(file);
        foreach (var package in packages)
            foreach (var file in package.Extensions)
                if (_draft.Find(file.Value.Entity, file.At("$.entity"), problems) is { } entity)
                    new ExtensionLayer(_draft, entity, file, problems).Lay();
        foreach (var entity in _draft.Entities.ToList())
            foreach (var field in entity.Fields.Where(field => field is { Source.Type: "links", InverseOf: null }).ToList())
            {
                if (field.Source.Through is null) AddLinkEntity(entity, field);
                if (field.Source.Inverse is { } inverse) AddInverse(entity, field, inverse);
            }
        return _draft;
    }

    private void AddEntity(InFile<Entity> file)
    {
        var entity = new DraftEntity
        {
            Source = file.Value,
            Origin = new Origin(file.File, "$"),
            SystemFields = [.. SystemFields.Of(file.Value, _ => false).Select(field => field.Name)],
        };
        for (var i = 0; i < file.Value.Fields.Length; i++)
            AddField(_draft, entity, file.Value.Fields[i], new Origin(file.File, $"$.fields[{i}]"), problems);
        AddParts(entity, file.File, file.Value.Keys, file.Value.Indexes, (file.Value.Rules, file.Value.Validations));
        AddFormScript(entity, file.File, file.Value.FormScript);
        if (!_draft.TryAdd(entity))
            problems.Add(new Problem(ProblemCodes.NameTwice, entity.Origin.At(".name"), $"There are two entities named {entity.Name}; the other is in {_draft.Find(entity.Name)!.Origin.At()}.", "Rename one of them, or turn this one into an extension."));
    }

    /// <summary>Adds a field unless its name is taken.</summary>
    public static void AddField(Draft draft, DraftEntity entity, Source.Field source, Origin origin, List<Problem> problems)
    {
        var field = new DraftField { Source = source, Origin = origin };
        if (entity.Find(source.Name) is { } other)
        {
            problems.Add(new Problem(ProblemCodes.NameTwice, origin.At(".name"), $"{entity.Name} has two fields named {source.Name}; the other is in {other.Origin.At()}.", "Rename one of them."));
            return;
        }
        if (source.Options is { Shared: { } shared } && draft.OptionLists.TryGetValue(shared, out var list))
            field.Options.AddRange(list.Value.Options.Select((option, i) => new Placed<Option>(option, new Origin(list.File, $"$.options[{i}]"))));
        else if (source.Options is { Shared: null } inline)
            field.Options.AddRange(inline.Inline.Select((option, i) => new Placed<Option>(option, origin.Part($".options[{i}]"))));
        entity.Fields.Add(field);
    }

    /// <summary>Adds what an entity and an extension may both bring.</summary>
    public static void AddParts(
        DraftEntity entity, SourceFile file, ImmutableArray<Key> keys, ImmutableArray<Source.Index> indexes, (ImmutableArray<Rule> Rules, ImmutableArray<Validation> Validations) code)
    {
        entity.Keys.AddRange(keys.Select((key, i) => new Placed<Key>(key, new Origin(file, $"$.keys[{i}]"))));
        entity.Indexes.AddRange(indexes.Select((index, i) => new Placed<Source.Index>(index, new Origin(file, $"$.indexes[{i}]"))));
        entity.Rules.AddRange(code.Rules.Select((rule, i) => new Placed<Rule>(rule, new Origin(file, $"$.rules[{i}]"))));
        entity.Validations.AddRange(code.Validations.Select((validation, i) => new Placed<Validation>(validation, new Origin(file, $"$.validations[{i}]"))));
    }

    /// <summary>Adds the form script of an entity or extension; nothing where it has none.</summary>
    public static void AddFormScript(DraftEntity entity, SourceFile file, string? script)
    {
        if (script is not null) entity.FormScripts.Add(new Placed<string>(script, new Origin(file, "$.formScript")));
    }

    private void AddLinkEntity(DraftEntity entity, DraftField field)
    {
        if (_draft.Find(field.Source.Target) is not { } target) return;
        var name = LinkEntity(entity, field);
        var far = target == entity ? "other" : target.Name;
        var source = new Entity
        {
            Name = name,
            Plural = name,
            Label = field.Source.Label ?? Names.ToLabel(field.Name),
            Primary = "id",
            Fields = [Side(entity.Name, entity), Side(far, target)],
            Keys = [new Key { Name = "pair", Fields = [entity.Name, far] }],
        };
        var link = new DraftEntity { Source = source, Origin = field.Origin, IsGeneratedLink = true, SystemFields = [.. SystemFields.Of(source, _ => false).Select(each => each.Name)] };
        foreach (var side in source.Fields) link.Fields.Add(new DraftField { Source = side, Origin = field.Origin });
        link.Keys.Add(new Placed<Key>(source.Keys[0], field.Origin));
        if (!Names.IsValid(name))
            problems.Add(new Problem(ProblemCodes.NameTooLong, field.Origin.At(".name"), $"The generated link entity would be named {name}, which is longer than 63 letters.", "Shorten the field's name, or name a link entity with through."));
        else if (!_draft.TryAdd(link))
            problems.Add(new Problem(ProblemCodes.NameTwice, field.Origin.At(".name"), $"The generated link entity would be named {name}, and there is one already.", "Rename the field, or name that entity with through."));
    }

    /// <summary>The other side of links is a links field of the target, over the same pairs.</summary>
    private void AddInverse(DraftEntity entity, DraftField field, Inverse inverse)
    {
        if (_draft.Find(field.Source.Target) is not { } target) return;
        if (target.Has(inverse.Name))
        {
            problems.Add(new Problem(ProblemCodes.NameTwice, field.At("inverse.name"), $"{target.Name} has a field named {inverse.Name}.", "Give the inverse side another name."));
            return;
        }
        var source = new Source.Field
        {
            Name = inverse.Name,
            Type = "links",
            Label = inverse.Label ?? entity.Source.PluralLabel ?? Names.ToLabel(entity.Source.Plural),
            Target = entity.Name,
            Through = field.Source.Through ?? LinkEntity(entity, field),
            Readonly = field.Source.Readonly is { Always: true } always ? always : null,
            Access = field.Source.Access,
        };
        target.Fields.Add(new DraftField { Source = source, Origin = field.Origin, InverseOf = (entity, field) });
    }

    private static string LinkEntity(DraftEntity entity, DraftField field) => $"{entity.Name}_{field.Name}";

    private static Source.Field Side(string name, DraftEntity target) =>
        new() { Name = name, Type = "lookup", Target = target.Name, Required = new Condition(true, null), OnDelete = "cascade" };
}
