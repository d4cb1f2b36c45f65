using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Compiled.Building;

/// <summary>Builds entities with their fields; what fields refer to is resolved afterwards.</summary>
internal sealed class EntityBuilder(Draft draft, FieldTypeRegistry types)
{
    public ImmutableArray<Entity> Build() => [.. draft.Entities.DistinctBy(entity => entity.Source.Plural).Select(Build)];

    private Entity Build(DraftEntity source)
    {
        var entity = new Entity
        {
            Source = source.Source,
            Package = source.Package,
            Location = source.Origin.At(),
            Label = source.Source.Label ?? Names.ToLabel(source.Name),
            PluralLabel = source.Source.PluralLabel ?? Names.ToLabel(source.Source.Plural),
            IsGeneratedLink = source.IsGeneratedLink,
            IsUserOwned = source.Source.Ownership == "user",
            IsSettings = source.Source.Kind == "settings",
            Features = source.Source.Features.ToFrozenSet(StringComparer.Ordinal),
        };
        var system = SystemFields.Of(source.Source, name => draft.Find(name) is not null);
        var declared = source.Fields.Where(field => system.All(other => other.Name != field.Name)).Select(field => Declared(entity, field));
        entity.Fields = WithoutSharedColumns([.. declared.Concat(system.Select(field => System(entity, source, field))).OfType<Field>()]);
        return entity;
    }

    // Two fields that want one column are a problem that the checks report; the model must hold together all the same.
    private static ImmutableArray<Field> WithoutSharedColumns(ImmutableArray<Field> fields)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. fields.Reverse().Where(field => field.Columns.All(column => taken.Add(column.Name))).Reverse()];
    }

    private Field? Declared(Entity entity, DraftField field)
    {
        if (types.Find(field.Source.Type) is not { } type) return null;
        var source = field.Source;
        var defaultFormula = DefaultFormula(source.Default);
        ImmutableArray<Source.Option> options = [.. field.Options.Select(option => option.Value)];
        return new Field
        {
            Entity = entity,
            Source = source,
            Package = field.Package,
            Location = field.Origin.At(),
            Type = type,
            Columns = type.Columns(source, options),
            Label = source.Label ?? Names.ToLabel(source.Name),
            Options = options,
            IsPolymorphic = field.IsPolymorphic,
            Required = Of(source.Required, field, "required", Condition.False),
            Readonly = Of(source.Readonly, field, "readonly", Condition.False),
            Visible = Of(source.Visible, field, "visible", Condition.True),
            DefaultValue = defaultFormula is null ? source.Default : null,
            DefaultFormula = defaultFormula is null ? null : new Expression(defaultFormula, Formula(field.At("default"))),
            Formula = Of(source.Formula, field, "formula"),
            Filter = Of(source.Filter, field, "filter"),
        };
    }

    private Field? System(Entity entity, DraftEntity draftEntity, Source.Field source)
    {
        if (types.Find(source.Type) is not { } type) return null;
        return new Field
        {
            Entity = entity,
            Source = source,
            Package = draftEntity.Package,
            Location = entity.Location,
            Type = type,
            Columns = type.Columns(source, []),
            Label = source.Label!,
            IsSystem = true,
            IsPolymorphic = source.Type == "owner",
        };
    }

    private static Expression? Of(string? formula, DraftField field, string setting) => formula is null ? null : new Expression(formula, field.At(setting));

    private static Condition Of(Source.Condition? source, DraftField field, string setting, Condition otherwise) => source switch
    {
        null => otherwise,
        { Formula: { } formula } => new Condition(null, new Expression(formula, field.At(setting))),
        { Always: true } => Condition.True,
        _ => Condition.False,
    };

    private static string? DefaultFormula(JsonElement? value) => value is { ValueKind: JsonValueKind.Object } json
        && json.EnumerateObject().Count() == 1 && json.TryGetProperty("formula", out var formula) && formula.ValueKind == JsonValueKind.String ? formula.GetString() : null;

    private static SourceLocation Formula(SourceLocation location) => location with { Path = location.Path + ".formula" };
}

/// <summary>Puts formulas together with their places.</summary>
internal static class Located
{
    public static Expression? Expression(string? text, SourceLocation location) => text is null ? null : new Expression(text, location);
}
