using System.Collections.Immutable;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Schema;

/// <summary>What records have against a change of the model.</summary>
internal static class SchemaProblems
{
    public static Problem NoValue(Field field, long count) => new("records_without_value", field.Location,
        $"{Records(count)} of {field.Entity} would have no value in {field.Name}, which is required.",
        "Give the field a constant default, fill in the values first, or require it by a formula.");

    public static Problem NotSingle(Entity entity, long count) => new("records_not_single", entity.Location,
        $"There are {count + 1} {entity.PluralLabel}; settings are one record.", "Delete the others first, or give the settings an entity of their own.");

    public static Problem NotUnique(Entity entity, ImmutableArray<string> columns, long count) => new("records_not_unique", entity.FindColumn(columns[0])?.Field.Location ?? entity.Location,
        $"{count} value(s) of {string.Join(" with ", columns)} occur more than once in {entity.PluralLabel}.", "Make them different first, or leave out the key.");

    public static Problem Dangling(Entity entity, ForeignKey key, long count) => new("records_point_nowhere", entity.FindColumn(key.Column)?.Field.Location ?? entity.Location,
        $"{Records(count)} of {entity.Name} point with {key.Column} to records that do not exist in {key.Target}.", "Empty or correct these values first.");

    public static Problem TypeChange(Field field, TableColumn old, TableColumn column) => new("type_change_unsafe", field.Location,
        $"{field.Name} cannot change from {SchemaType.Describe(old.Type)} to {SchemaType.Describe(column.Type)} without losing values.",
        $"Give the new field another name and copy the values, or publish with drop \"{field}\" to delete them.");

    public static Problem ValuesLost(Field field, TableColumn old, TableColumn column, long count) => new("type_change_unsafe", field.Location,
        $"{Records(count)} of {field.Entity} have a value in {field.Name} that {SchemaType.Describe(column.Type)} has no room for (it is {SchemaType.Describe(old.Type)}).",
        "Change these values first, or choose a type with more room.");

    public static Problem ValuesPending(Field field) => new("values_pending", field.Location,
        $"The values of {field} are still being computed since an earlier publish, so that this one would take over wrong ones.", "Wait until the job has ended, which you see under Jobs; then publish again.");

    private static string Records(long count) => count == 1 ? "1 record" : count > 100_000 ? "More than 100,000 records" : $"{count} records";
}
