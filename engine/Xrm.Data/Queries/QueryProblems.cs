using Xrm.Data.Errors;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Refusals of queries that are understood but do not fit the model or the caller's rights.</summary>
internal static class QueryProblems
{
    public static XrmException UnknownCollection(string plural, string? nearest) =>
        new("unknown_collection", 404, $"There is no collection '{Shorten(plural)}'.{DidYouMean(nearest)}");

    public static XrmException UnknownField(Entity entity, string name, string path) =>
        OfField("unknown_field", path, $"{entity.Plural} have no property '{Shorten(name)}'.{DidYouMean(NearestProperty(entity, name))}");

    public static XrmException UnknownItems(Entity entity, string name, string path) =>
        OfField("unknown_field", path, $"{entity.Plural} have no list and no related records named '{Shorten(name)}'.{DidYouMean(Names.Nearest(name, ItemNames(entity)))}");

    public static XrmException UnknownExpand(Entity entity, string name) =>
        OfField("unknown_field", name, $"{entity.Plural} have nothing to expand named '{Shorten(name)}'.{DidYouMean(Names.Nearest(name, ExpandNames(entity)))}");

    public static XrmException UnknownView(Entity entity, string name, IEnumerable<string> views) =>
        new("unknown_view", 400, $"{entity.Plural} have no view '{Shorten(name)}'.{DidYouMean(Names.Nearest(name, views))}");

    public static XrmException WrongType(string path, string message) => OfField("wrong_type", path, message);

    public static XrmException NotFilterable(string path, string message) => OfField("not_filterable", path, message);

    public static XrmException NoRight(Entity entity) =>
        new("no_right", 403, $"You may not see {entity.PluralLabel}.");

    public static XrmException NoFieldRight(string path) =>
        new("no_right", 403, $"You may not see '{path}'.", [new FieldError(path, "no_right", $"You may not see '{path}'.")]);

    public static XrmException NotSummed(string message) => new("not_summable", 400, message);

    public static XrmException UnknownResult(string path, IEnumerable<string> names) =>
        OfField("unknown_field", path, $"The result of $apply has no '{Shorten(path)}'. It has {string.Join(", ", names.Order(StringComparer.Ordinal))}.");

    public static XrmException TooLarge(string message) => new("query_too_large", 400, message);

    private static XrmException OfField(string code, string path, string message) =>
        new(code, 400, message, [new FieldError(Shorten(path), code, message)]);

    private static string? NearestProperty(Entity entity, string name)
    {
        // account instead of account_id is the most common slip, and no likeness of letters finds it for short names.
        if (entity.FindField(name)?.Column is { } main && main.Name != name) return main.Name;
        return Names.Nearest(name, entity.Fields.SelectMany(field => field.Columns).Select(column => column.Name));
    }

    private static IEnumerable<string> ItemNames(Entity entity) => ExpandNames(entity)
        .Concat(entity.Fields.SelectMany(field => field.Columns).Where(column => column.Type is ColumnType.TextList or ColumnType.IntegerList).Select(column => column.Name));

    private static IEnumerable<string> ExpandNames(Entity entity) => entity.Fields.Where(field => !field.Targets.IsEmpty || field.Child is not null).Select(field => field.Name)
        .Concat(entity.IncomingLookups.Select(lookup => lookup.Source.Inverse?.Name).OfType<string>());

    private static string DidYouMean(string? nearest) => nearest is null ? "" : $" Did you mean '{nearest}'?";

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");
}
