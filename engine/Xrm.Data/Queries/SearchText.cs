using System.Collections.Immutable;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>
/// The text that search looks at: values below one another. Indexes are over this very expression, and serve only conditions that repeat it.
/// </summary>
internal static class SearchText
{
    /// <summary>Changes whenever the expression does, so that publishes build the indexes anew.</summary>
    private const char Edition = '1';

    /// <summary>How a value becomes text.</summary>
    public static SearchForm FormOf(Field field) => field.Column!.Type == ColumnType.TextList ? SearchForm.List : field.Type is PhoneType ? SearchForm.Phone : SearchForm.Text;

    /// <summary>The expression of an index, and what it depends on besides the columns' names.</summary>
    /// <param name="columns">The columns, in order.</param>
    /// <param name="language">Of an index of words its language; null for one of trigrams.</param>
    public static (string Expression, string Form) Indexed(ImmutableArray<(Field Field, Column Column)> columns, string? language)
    {
        var sql = new SqlBuilder();
        var parts = columns.Select(column => new SearchPart(FormOf(column.Field), () => sql.Name(column.Column.Name))).ToImmutableArray();
        if (language is null) Folded(sql, parts);
        else Words(sql, parts, language);
        var forms = string.Concat(parts.Select(part => part.Form.ToString()[0])).ToLowerInvariant();
        return (sql.ToString(), $"{language}:{Edition}{forms}");
    }

    /// <summary>Writes the text without accents, in lower case.</summary>
    public static void Folded(SqlBuilder sql, ImmutableArray<SearchPart> parts)
    {
        sql.Text("xrm.search_fold(");
        for (var index = 0; index < parts.Length; index++)
        {
            if (index > 0) sql.Text(" || E'\\n' || ");
            Part(sql, parts[index]);
        }
        sql.Text(")");
    }

    /// <summary>Writes the words of the text, by their stems.</summary>
    public static void Words(SqlBuilder sql, ImmutableArray<SearchPart> parts, string language)
    {
        sql.Text("to_tsvector(").Trusted(Configuration(language)).Text(", ");
        Folded(sql, parts);
        sql.Text(")");
    }

    /// <summary>A language's configuration as a constant: only with one is an index of words like its condition.</summary>
    public static string Configuration(string language) => $"'xrm.search_{language}'::regconfig";

    private static void Part(SqlBuilder sql, SearchPart part)
    {
        sql.Either(part.Form == SearchForm.List, "coalesce(xrm.search_lines(", "coalesce(");
        part.Value();
        sql.Either(part.Form == SearchForm.List, "), '')", ", '')");
        if (part.Form != SearchForm.Phone) return;
        // People type numbers with other spaces, or none.
        sql.Text(" || E'\\n' || regexp_replace(coalesce(");
        part.Value();
        sql.Text(", ''), '[^0-9]+', '', 'g')");
    }
}

/// <summary>How a value becomes text that is searched.</summary>
internal enum SearchForm
{
    /// <summary>As it is.</summary>
    Text,

    /// <summary>As it is, and its digits alone.</summary>
    Phone,

    /// <summary>Items below one another.</summary>
    List,
}

/// <summary>A value that search looks at.</summary>
/// <param name="Form">How it becomes text.</param>
/// <param name="Value">Writes the value.</param>
internal readonly record struct SearchPart(SearchForm Form, Action Value);
