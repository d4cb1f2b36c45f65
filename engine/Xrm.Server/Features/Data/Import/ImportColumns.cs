using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Server.Localization;

namespace Xrm.Server.Features.Data.Import;

/// <summary>Finds out what the headings of a file mean: names of the API, or labels in the caller's language or in English, as exports write both.</summary>
internal sealed class ImportColumns
{
    private const string Id = "id";
    private readonly Entity _entity;
    private readonly Caller _caller;
    private readonly Dictionary<string, ImportColumn> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<ImportColumn>> _labels = new(StringComparer.OrdinalIgnoreCase);

    private ImportColumns(Entity entity, Caller caller, Texts texts)
    {
        (_entity, _caller) = (entity, caller);
        // What somebody does not see they cannot tell from what is not there.
        foreach (var field in entity.Fields.Where(field => !field.Columns.IsEmpty && caller.SeesField(field))) Add(field, texts);
    }

    /// <summary>What each column means.</summary>
    /// <param name="headings">The headings.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="caller">Who imports.</param>
    /// <param name="texts">Their language.</param>
    /// <param name="skipsComputed">Leave out what nobody can write, in place of refusing it.</param>
    /// <returns>The columns that are imported, and the headings of those that are left out.</returns>
    /// <exception cref="XrmException">400: a heading is not known, stands for two fields or twice, or for what nobody writes; 403: for what the caller may not write.</exception>
    public static (ImmutableArray<ImportColumn> Columns, ImmutableArray<string> Skipped) Find(ImmutableArray<string> headings, Entity entity, Caller caller, Texts texts, bool skipsComputed)
    {
        var known = new ImportColumns(entity, caller, texts);
        var columns = ImmutableArray.CreateBuilder<ImportColumn>();
        var skipped = ImmutableArray.CreateBuilder<string>();
        var seen = new Dictionary<(Field, Column?), string>();
        // An export can have the same of two other records.
        for (var index = 0; index < headings.Length; index++)
        {
            var column = known.Find(headings[index]) with { Index = index, Heading = headings[index] };
            if (!column.IsForeign && !seen.TryAdd((column.Field, column.Column), column.Heading))
                throw CsvFile.Problem("duplicate_column", $"Line 1: '{column.Heading}' and '{seen[(column.Field, column.Column)]}' (column {index + 1}) mean the same. Keep one of them.", column.Heading);
            if (IsWritable(column)) columns.Add(known.Permitted(column));
            else if (skipsComputed) skipped.Add(column.Heading);
            else throw CsvFile.Problem("column_not_writable", $"Line 1: '{column.Heading}' (column {index + 1}) is computed or cannot be written. Remove the column, or leave out such columns with computed=skip.", column.Heading);
        }
        if (columns.Count == 0) throw CsvFile.Problem("no_columns", "Line 1: none of the columns can be written.");
        return (columns.ToImmutable(), skipped.ToImmutable());
    }

    private static bool IsWritable(ImportColumn column) =>
        !column.IsForeign && (column.Column?.Name == Id || IsWritable(column.Field, column.Column));

    private static bool IsWritable(Field field, Column? column) => field.IsWritable && column is not { Computed: true } && field.Readonly.Always != true;

    private ImportColumn Permitted(ImportColumn column) => column.Column?.Name == Id || _caller.CanWriteField(column.Field) ? column
        : throw XrmException.Forbidden($"Line 1: you may not write '{column.Heading}' (column {column.Index + 1}). Remove the column.", column.Heading);

    private ImportColumn Find(string heading)
    {
        if (_names.TryGetValue(heading, out var named)) return named;
        if (_labels.TryGetValue(heading, out var labelled))
            return labelled is [var only] ? only : throw CsvFile.Problem("ambiguous_column", $"Line 1: '{heading}' is the label of several fields. Write the name of one: {string.Join(", ", labelled.Select(column => column.Property))}.", heading);
        var near = Names.Nearest(heading, _names.Keys);
        throw CsvFile.Problem("unknown_column", $"Line 1: {_entity.PluralLabel} have no column '{heading}'.{(near is null ? "" : $" Did you mean {near}?")}", heading);
    }

    private void Add(Field field, Texts texts)
    {
        foreach (var column in field.Columns) Add(new ImportColumn(0, "", field, column), column.Name, [field], column.Name, texts);
        // The label of a secret is that of the time when it was changed, which exports have.
        if (field.Type is SecretType) _names[field.Name] = new ImportColumn(0, "", field, null);
        if (!field.IsLookup) return;
        Add(new ImportColumn(0, "", field, null), field.Name, [field], field.Name, texts);
        if (field.IsPolymorphic) return;
        var names = ImportReferences.NamedBy(field.Targets[0], _caller).ToHashSet();
        foreach (var by in names) Add(new ImportColumn(0, "", field, null) { By = by }, $"{field.Name}/{by.Name}", [field, by], by.Name, texts);
        foreach (var foreign in field.Targets[0].Fields.Where(each => !names.Contains(each) && _caller.SeesField(each)))
            foreach (var column in foreign.Columns) Add(new ImportColumn(0, "", foreign, column) { IsForeign = true }, $"{field.Name}/{column.Name}", [field, foreign], column.Name, texts);
    }

    private void Add(ImportColumn column, string name, ImmutableArray<Field> path, string last, Texts texts)
    {
        _names[name] = column;
        foreach (var label in new[] { CsvLabels.Of(path, last, texts), CsvLabels.Of(path, last, Texts.English) }.Distinct(StringComparer.OrdinalIgnoreCase))
            _labels[label] = _labels.TryGetValue(label, out var others) ? others.Add(column) : [column];
    }
}
