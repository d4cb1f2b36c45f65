using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Compiled;

/// <summary>All published packages merged, resolved and indexed: what the engine runs on. Immutable; a publish builds a new one.</summary>
public sealed class Model
{
    private readonly FrozenDictionary<string, Entity> _byName;
    private readonly FrozenDictionary<string, Entity> _byPlural;

    internal Model(ImmutableArray<Entity> entities)
    {
        Entities = entities;
        _byName = entities.ToFrozenDictionary(entity => entity.Name, StringComparer.Ordinal);
        _byPlural = entities.ToFrozenDictionary(entity => entity.Plural, StringComparer.Ordinal);
    }

    /// <summary>The packages, in dependency order.</summary>
    public required ImmutableArray<Source.Package> Packages { get; init; }

    internal PackageReach Reach { get; init; } = new([]);

    /// <summary>All entities, generated link entities included, in package order then file order.</summary>
    public ImmutableArray<Entity> Entities { get; }

    /// <summary>Forms of all packages.</summary>
    public ImmutableArray<Form> Forms { get; init; } = [];

    /// <summary>Views of all packages.</summary>
    public ImmutableArray<View> Views { get; init; } = [];

    /// <summary>Workflows of all packages.</summary>
    public ImmutableArray<Workflow> Workflows { get; init; } = [];

    /// <summary>Actions of all packages.</summary>
    public ImmutableArray<ScriptAction> Actions { get; init; } = [];

    /// <summary>Schedules of all packages.</summary>
    public ImmutableArray<Schedule> Schedules { get; init; } = [];

    /// <summary>Apps of all packages, as written.</summary>
    public ImmutableArray<Source.App> Apps { get; init; } = [];

    /// <summary>Roles of all packages, by name, as written.</summary>
    public FrozenDictionary<string, Source.Role> Roles { get; init; } = FrozenDictionary<string, Source.Role>.Empty;

    /// <summary>Which records the rights of a role are limited to, by role and entity; roles without a filter are missing.</summary>
    public FrozenDictionary<(string Role, string Entity), Expression> RowFilters { get; init; } = FrozenDictionary<(string, string), Expression>.Empty;

    /// <summary>Where exchange rates are; null where no package says it.</summary>
    public Source.Currencies? Currencies { get; init; }

    /// <summary>BCP 47 tag of the language in which records are mostly written; null where no package says it.</summary>
    public string? Language { get; init; }

    /// <summary>IANA name of the time zone that decides which day a moment belongs to, e.g. <c>Europe/Berlin</c>; <c>UTC</c> where no package says it.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Translated texts by language, then key.</summary>
    public FrozenDictionary<string, FrozenDictionary<string, string>> Texts { get; init; } = FrozenDictionary<string, FrozenDictionary<string, string>>.Empty;

    /// <summary>The scripts of all packages.</summary>
    public IEnumerable<Script> Scripts => Entities.SelectMany(entity => entity.Rules).Select(rule => rule.Script).OfType<Script>().Concat(Actions.Select(action => action.Script)).Concat(Schedules.Select(schedule => schedule.Script));

    /// <summary>The problem of a reference to a field that a package added on which that of the reference does not depend; null where it does.</summary>
    /// <param name="field">The field.</param>
    /// <param name="location">Where the reference stands.</param>
    public Problem? FindUndeclared(Field field, SourceLocation location) => Reach.FindMistake($"The field {field}", field.Package, location);

    /// <summary>The view of that name (<c>entity.view</c>), or null.</summary>
    public View? FindView(string name) => Views.FirstOrDefault(view => view.Name == name);

    /// <summary>The view that an entity's list opens with: the default one, or else the first. Null for generated link entities.</summary>
    public View? DefaultView(Entity entity) =>
        Views.FirstOrDefault(view => view.Entity == entity && view.Source.Default) ?? Views.FirstOrDefault(view => view.Entity == entity);

    /// <summary>The action of that name about records of an entity, or about none; null where there is none.</summary>
    /// <param name="entity">The entity; null for actions that are about no record.</param>
    /// <param name="name">Name of the action.</param>
    public ScriptAction? FindAction(Entity? entity, string name) => Actions.FirstOrDefault(action => action.Name == name && action.Entity == entity);

    /// <summary>The entity of that name, or null.</summary>
    public Entity? FindEntity(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The entity whose collection has that name, or null.</summary>
    public Entity? FindCollection(string plural) => _byPlural.GetValueOrDefault(plural);
}

/// <summary>A form with its formulas located.</summary>
/// <param name="Source">The form as written.</param>
/// <param name="Entity">Its entity.</param>
/// <param name="Visible">Formulas of tabs and sections by JSON path, e.g. <c>$.tabs[0].sections[1].visible</c>.</param>
public sealed record Form(Source.Form Source, Entity Entity, ImmutableSortedDictionary<string, Expression> Visible)
{
    /// <summary>Name, <c>entity.form</c>.</summary>
    public string Name => Source.Name;

    /// <summary>Made by the engine, since no package has a form for the entity.</summary>
    public bool IsGenerated { get; init; }
}

/// <summary>A view with its formula located.</summary>
/// <param name="Source">The view as written.</param>
/// <param name="Entity">Its entity.</param>
/// <param name="Filter">What a record must fulfil to be listed; null for all records.</param>
public sealed record View(Source.View Source, Entity Entity, Expression? Filter)
{
    /// <summary>Name, <c>entity.view</c>.</summary>
    public string Name => Source.Name;

    /// <summary>Made by the engine, since no package has a view for the entity.</summary>
    public bool IsGenerated { get; init; }
}

/// <summary>A workflow with its formulas located.</summary>
/// <param name="Source">The workflow as written.</param>
/// <param name="Entity">Entity of its record.</param>
/// <param name="When">Must be true to start; null where there is no condition.</param>
/// <param name="Expressions">Formulas of steps by JSON path, e.g. <c>$.steps[0].values.due_on.formula</c>, <c>$.steps[1].when</c>, <c>$.steps[2].to</c>; those of a mail's placeholders with the placeholder behind the path: <c>$.steps[2].body account.name</c>.</param>
public sealed record Workflow(Source.Workflow Source, Entity Entity, Expression? When, ImmutableSortedDictionary<string, Expression> Expressions);
