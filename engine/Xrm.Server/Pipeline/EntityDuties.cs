using System.Collections.Immutable;
using Xrm.Data;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline;

/// <summary>
/// What the steps of a save have to look at, worked out once for each entity of a model: an entity has many fields, and most steps care
/// for few of them.
/// </summary>
internal sealed class EntityDuties
{
    private EntityDuties(PublishedModel published, Entity entity)
    {
        var fields = entity.Fields;
        var formulas = published.Formulas;
        Owner = entity.IsUserOwned ? fields.First(field => field.Type is OwnerType && field.IsSystem) : null;
        OwningUnit = entity.OwningUnit;
        EmptyRollups = [.. fields.Where(field => field.Rollup is not null && formulas.IsStored(field)).SelectMany(field => field.Columns
            .Select(column => (column, RollupValues.OfNothing(field.Rollup!, column, published.Model.Currencies?.Base)))).Where(pair => pair.Item2 is not null)];
        ConstantDefaults = [.. fields.Where(field => field is { DefaultValue: not null, Column: not null })
            .Select(field => (field.Column!, field.Type.Read(field.DefaultValue!.Value, field, field.Column!).Value))];
        FormulaDefaults = [.. fields.Where(field => field is { DefaultFormula: not null, Column: not null })];
        Copied = [.. fields.Where(field => field.Source.CopyFrom is not null && !field.Columns.IsEmpty)];
        Composites = [.. fields.Where(field => field.Formula is null && field.Type is ICompositeField)];
        StoredFormulas = [.. formulas.StoredOf(entity)];
        Amounts = [.. fields.Where(field => field.Type is MoneyType && field.Rollup is null && field.Formula is null)];
        ComputedAmounts = [.. fields.Where(field => field.Type is MoneyType && field.Rollup is null && field.Formula is not null && formulas.IsStored(field))];
        Protected = [.. fields.Where(field => !field.Readonly.Never || field.Source.CreateOnly)];
        Required = [.. fields.Where(field => !field.Required.Never && !field.IsComputed && field.Type is not ParentType)];
        WithOptions = [.. fields.Where(field => !field.Options.IsEmpty && field.Column is not null)];
        References = [.. fields.Where(field => field.Type is ReferenceFieldType && (!field.IsSystem || field.Type is OwnerType))];
        Files = [.. fields.Where(field => field.Type is FileType or FilesType)];
        Numbers = [.. fields.Where(field => field.Type is AutoNumberType)];
        KeepsHistory = entity.Features.Contains("audit");
        Audited = [.. fields.Where(field => !IsBookkeeping(field) && (field.Source.Audit ?? KeepsHistory) && formulas.IsStored(field)).SelectMany(field => field.Columns)];
        RulesAfter = [.. entity.Rules.Where(rule => rule.IsAfter)];
        Workflows = [.. published.Model.Workflows.Where(workflow => workflow.Entity == entity)];
    }

    /// <summary>The field of the record's owner; null for records of the organisation.</summary>
    public Field? Owner { get; }

    /// <summary>Column with the business unit that a record belongs to; null where there is none.</summary>
    public Column? OwningUnit { get; }

    /// <summary>Counts and sums, which begin at 0.</summary>
    public ImmutableArray<(Column Column, object? Value)> EmptyRollups { get; }

    /// <summary>Defaults that are always the same.</summary>
    public ImmutableArray<(Column Column, object? Value)> ConstantDefaults { get; }

    /// <summary>Fields whose default is computed.</summary>
    public ImmutableArray<Field> FormulaDefaults { get; }

    /// <summary>Fields that are copied from another record.</summary>
    public ImmutableArray<Field> Copied { get; }

    /// <summary>Fields whose columns depend on one another.</summary>
    public ImmutableArray<Field> Composites { get; }

    /// <summary>Fields whose formula is stored, in the order in which they depend on one another.</summary>
    public ImmutableArray<Field> StoredFormulas { get; }

    /// <summary>Amounts of money that are written.</summary>
    public ImmutableArray<Field> Amounts { get; }

    /// <summary>Amounts of money that are computed and stored.</summary>
    public ImmutableArray<Field> ComputedAmounts { get; }

    /// <summary>Fields that not everybody may write at any time.</summary>
    public ImmutableArray<Field> Protected { get; }

    /// <summary>Fields that must have a value, or must have one under a condition.</summary>
    public ImmutableArray<Field> Required { get; }

    /// <summary>Fields whose values are chosen from options.</summary>
    public ImmutableArray<Field> WithOptions { get; }

    /// <summary>Fields that point to other records.</summary>
    public ImmutableArray<Field> References { get; }

    /// <summary>Fields that hold files.</summary>
    public ImmutableArray<Field> Files { get; }

    /// <summary>Fields with automatic numbers.</summary>
    public ImmutableArray<Field> Numbers { get; }

    /// <summary>Records keep a history.</summary>
    public bool KeepsHistory { get; }

    /// <summary>Columns whose changes go into the history.</summary>
    public ImmutableArray<Column> Audited { get; }

    /// <summary>Scripts that follow a save.</summary>
    public ImmutableArray<Rule> RulesAfter { get; }

    /// <summary>Workflows that records of the entity start.</summary>
    public ImmutableArray<Workflow> Workflows { get; }

    /// <summary>The duties of an entity.</summary>
    public static EntityDuties Of(PublishedModel published, Entity entity) => published.Derive(entity, static (published, entity) => new EntityDuties(published, entity));

    // The history row itself says when and by whom.
    private static bool IsBookkeeping(Field field) => field.IsSystem && field.Type is not OwnerType && field.Name != "owning_unit";
}
