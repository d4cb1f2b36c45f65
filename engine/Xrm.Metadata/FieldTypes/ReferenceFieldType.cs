using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>Types that point to a record: <c>account_id</c>, and <c>account_type</c> where the record can be of several kinds.</summary>
public abstract class ReferenceFieldType : FieldType
{
    /// <summary>Part of the column with the target's entity.</summary>
    public const string TypePart = "type";

    private const string IdSuffix = "id";
    private static readonly ImmutableArray<string> DeleteActions = ["restrict", "setNull", "cascade"];

    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Reference;

    /// <inheritdoc/>
    public override ImmutableArray<string> Refuses => ["search", "rollup"];

    /// <summary>Whether the record's kind is stored, too.</summary>
    /// <param name="field">The field as written.</param>
    public abstract bool IsPolymorphic(Source.Field field);

    /// <summary>Names of the entities that a value may name.</summary>
    /// <param name="field">The field.</param>
    protected virtual IEnumerable<string> TargetNames(Field field) => field.Targets.Select(target => target.Name);

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options)
    {
        var id = new Column($"{field.Name}_{IdSuffix}", ColumnType.Uuid);
        return IsPolymorphic(field) ? [id, new($"{field.Name}_{TypePart}", ColumnType.Text) { Part = TypePart }] : [id];
    }

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field)
    {
        foreach (var problem in SettingChecks.Suffixes(field, IdSuffix, TypePart)) yield return problem;
        if (field.OnDelete is not { } action) yield break;
        if (!DeleteActions.Contains(action))
            yield return new("onDelete", $"onDelete is {action}.", "Give restrict, setNull or cascade.");
        else if (action == "setNull" && field.Required is { Always: true })
            yield return new("onDelete", "The field is required, so the deletion of its target cannot empty it.", "Give restrict or cascade, or drop required.");
    }

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column)
    {
        if (column.Part != TypePart) return IdValue.Read(json);
        var (text, error) = TextValue.Read(json, "the name of a kind of record");
        if (text is null) return error;
        if (text.Length == 0) return default;
        return TargetNames(field).Contains(text) ? new(text) : ValueErrors.UnknownTarget(text, TargetNames(field));
    }
}
