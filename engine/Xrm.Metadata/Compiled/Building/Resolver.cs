using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Compiled.Building;

/// <summary>Connects what entities and fields name: targets, children, links, rollups, keys, rules. What leads nowhere is left out.</summary>
internal sealed class Resolver(Draft draft, FrozenDictionary<string, Entity> entities)
{
    public void Resolve()
    {
        foreach (var entity in entities.Values)
            foreach (var field in entity.Fields)
                field.Targets = Targets(field);
        foreach (var entity in entities.Values) ResolveFields(entity);
        foreach (var source in draft.Entities)
            if (entities.TryGetValue(source.Name, out var entity))
            {
                ResolveInverses(entity, source);
                ResolveParts(entity, source);
            }
        ResolveIncoming();
    }

    private ImmutableArray<Entity> Targets(Field field) => field.Source switch
    {
        { Type: "parent" } => [field.Entity],
        { Type: "owner" } => Found(["user", "team"]),
        { Type: "lookup", Target: "*" } => [.. draft.Entities.Where(entity => !entity.IsGeneratedLink).Select(entity => entities.GetValueOrDefault(entity.Name)).OfType<Entity>()],
        { Type: "lookup", Targets.Length: > 0 } source => Found(source.Targets),
        { Type: "lookup" or "links", Target: { } target } => Found([target]),
        _ => [],
    };

    private ImmutableArray<Entity> Found(IEnumerable<string> names) => [.. names.Select(name => entities.GetValueOrDefault(name)).OfType<Entity>()];

    private void ResolveFields(Entity entity)
    {
        entity.Primary = Find(entity, entity.Source.Primary) ?? Find(entity, "id") ?? entity.Fields.FirstOrDefault()!;
        entity.Hierarchy = entity.Fields.FirstOrDefault(field => field.Type.Name == "parent");
        foreach (var field in entity.Fields)
        {
            if (field.Type.Name == "children") ResolveChildren(field);
            if (field.Type.Name == "links") ResolveLinks(field);
            if (field.Source.Rollup is { } rollup) field.Rollup = Rollup(field, rollup);
        }
    }

    private void ResolveChildren(Field field)
    {
        field.Child = entities.GetValueOrDefault(field.Source.Entity ?? "");
        field.Via = field.Child is null ? null : LookupTo(field.Child, field.Entity, field.Source.Via);
    }

    private void ResolveLinks(Field field)
    {
        var generated = $"{field.Entity.Name}_{field.Name}";
        field.Child = entities.GetValueOrDefault(field.Source.Through ?? generated);
        if (field.Child is null || field.Targets.IsEmpty) return;
        field.Via = LookupTo(field.Child, field.Entity, field.Source.Via);
        field.FarSide = Lookups(field.Child).FirstOrDefault(lookup => lookup != field.Via && lookup.Targets[0] == field.Targets[0]);
    }

    /// <summary>The other side of links has the same link entity with its two ends exchanged.</summary>
    private void ResolveInverses(Entity entity, DraftEntity source)
    {
        foreach (var written in source.Fields)
        {
            if (written.InverseOf is not { } direct || Find(entity, written.Name) is not { } field) continue;
            field.InverseOf = entities.GetValueOrDefault(direct.Entity.Name)?.FindField(direct.Field.Name);
            (field.Child, field.Via, field.FarSide) = (field.InverseOf?.Child, field.InverseOf?.FarSide, field.InverseOf?.Via);
        }
    }

    private static Field? LookupTo(Entity child, Entity parent, string? name) =>
        Lookups(child).FirstOrDefault(lookup => lookup.Targets[0] == parent && (name is null || lookup.Name == name));

    private static IEnumerable<Field> Lookups(Entity entity) => entity.Fields.Where(field => field is { IsSystem: false, IsSingleLookup: true, Targets.Length: 1 });

    private Rollup? Rollup(Field field, Source.Rollup source)
    {
        if (!entities.TryGetValue(source.Entity, out var child) || !Enum.TryParse<Aggregate>(source.Aggregate, ignoreCase: true, out var aggregate)) return null;
        var via = Find(child, source.Via);
        if (via is null || !via.Targets.Contains(field.Entity)) return null;
        var value = source.Field is null ? null : Find(child, source.Field);
        if (value is null && aggregate != Aggregate.Count) return null;
        var order = aggregate is Aggregate.First or Aggregate.Last or Aggregate.Concat ? Find(child, source.OrderBy ?? "created_at") : null;
        var location = field.Location with { Path = field.Location.Path + ".rollup.where" };
        return new Rollup(field, child, via, aggregate, value, order, Located.Expression(source.Where, location));
    }

    private void ResolveParts(Entity entity, DraftEntity source)
    {
        var declared = source.Keys.Select(key => new Key(key.Value.Name, Fields(entity, key.Value.Fields))).Where(key => !key.Fields.IsEmpty).ToList();
        var unique = entity.Fields.Where(field => field.Source.Unique && !declared.Exists(key => key.Fields.SequenceEqual([field])))
            .Select(field => new Key(field.Name, [field]));
        entity.Keys = [.. declared.Concat(unique)];
        entity.Indexes =
        [
            .. source.Indexes.Select(index => Fields(entity, index.Value.Fields)).Where(fields => !fields.IsEmpty),
            .. entity.Fields.Where(field => field.Source.Index).Select(field => ImmutableArray.Create(field)),
        ];
        entity.Lifecycle = Lifecycle(entity, source);
        entity.Rules = [.. source.Rules.OrderBy(rule => rule.Value.Order).Select(rule => Rule(entity, rule)).OfType<Rule>()];
        entity.FormScripts = [.. source.FormScripts.Select(FormScript).OfType<FormScript>()];
        entity.Validations =
        [
            .. source.Validations.Select(each => new Validation(
                new Expression(each.Value.When, each.Origin.At(".when")), each.Value.Message, Fields(entity, each.Value.Fields))),
        ];
    }

    private static Lifecycle? Lifecycle(Entity entity, DraftEntity source)
    {
        if (source.Source.Lifecycle is not { } lifecycle || Find(entity, lifecycle.Field) is not { } field) return null;
        var transitions = lifecycle.Transitions.DistinctBy(transition => transition.Name).Select((each, i) => new Transition(
            each.Name, each.Label ?? Names.ToLabel(each.Name), each.From, each.To,
            Located.Expression(each.When, source.Origin.At($".lifecycle.transitions[{i}].when")), each.Roles));
        return new Lifecycle(field, [.. transitions]);
    }

    private Rule? Rule(Entity entity, Placed<Source.Rule> rule)
    {
        if (rule.Value.Script is not { } file) return DecisionBuilder.Build(entity, rule);
        var package = draft.Packages.First(package => package.Manifest.Name == rule.Package);
        if (ScriptText.Of(package, file) is not { } text) return null;
        var on = rule.Value.On;
        var location = new SourceLocation(rule.Package, $"rules/{file}");
        return new Rule(entity, rule.Value.Name, on.Contains("create"), on.Contains("update"), on.Contains("delete"), Fields(entity, rule.Value.Fields), location)
        {
            OnTransition = on.Contains("transition"),
            Transitions = rule.Value.Transitions,
            IsAfter = rule.Value.Timing == "after",
            When = Located.Expression(rule.Value.When, rule.Origin.At(".when")),
            Script = new Script(ScriptKind.Rule, rule.Value.Name, text, location) { Entity = entity, RunsAsSystem = rule.Value.RunAs == "system" },
        };
    }

    private FormScript? FormScript(Placed<string> script) =>
        ScriptText.Of(draft.Packages.First(package => package.Manifest.Name == script.Package), script.Value) is { } text
            ? new FormScript(script.Value, text, new SourceLocation(script.Package, $"rules/{script.Value}"))
            : null;

    private static ImmutableArray<Field> Fields(Entity entity, ImmutableArray<string> names) => [.. names.Select(name => Find(entity, name)).OfType<Field>()];

    // One or two look-ups in an entity do not pay for its dictionary.
    private static Field? Find(Entity entity, string name) => entity.Fields.FirstOrDefault(field => field.Name == name);

    private void ResolveIncoming()
    {
        var fields = draft.Entities.Select(source => entities.GetValueOrDefault(source.Name)).OfType<Entity>().SelectMany(entity => entity.Fields).ToList();
        var lookups = fields.Where(field => !field.IsSystem && field.Type.Name is "lookup" or "parent" or "owner")
            .SelectMany(field => field.Targets.Select(target => (target, field))).ToLookup(pair => pair.target, pair => pair.field);
        var rollups = fields.Where(field => field.Rollup is { IsStored: true }).ToLookup(field => field.Rollup!.Child, field => field.Rollup!);
        foreach (var entity in entities.Values)
        {
            entity.IncomingLookups = [.. lookups[entity]];
            entity.FeedsRollups = [.. rollups[entity]];
        }
    }
}
