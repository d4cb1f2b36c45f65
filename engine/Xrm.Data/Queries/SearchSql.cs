using System.Collections.Immutable;
using Xrm.Data.Sql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Writes searches as SQL. What is typed is folded in the database, by the same functions as the texts are.</summary>
internal sealed class SearchSql(TermSql terms)
{
    /// <summary>Fewer letters than this make no trigram, and are found at the beginning of words alone.</summary>
    private const int ShortestPart = 3;

    /// <summary>Of shorter words every second one would be similar to another.</summary>
    private const int ShortestSimilar = 4;

    /// <summary>
    /// Sets, up to the end of the batch, how many of its trigrams a word must share with another to be like it: with the usual 0.6 two
    /// letters that changed places make a word of eight unlike itself.
    /// </summary>
    public const string SetLeastSimilarity = "select set_config('pg_trgm.word_similarity_threshold', '0.4', true)";

    private SqlBuilder Sql => terms.Sql;

    /// <summary>True where the node has a word that others can be similar to.</summary>
    public static bool HasSimilar(SearchNode node) => node.Wanted.Any(IsSimilar);

    public void Condition(SearchTerm term) => Node(term.Text, term.Wanted, term.Similar);

    /// <summary>How well a row fits: best where the primary field is, begins with or has what is searched for, then by how often and where its words are.</summary>
    public void Score(SearchScoreTerm term)
    {
        var typed = string.Join(' ', term.Wanted.Wanted.Select(word => word.Text));
        Sql.Text("(");
        if (!term.Primary.Values.IsEmpty)
        {
            Sql.Text("case when ");
            Folded(term.Primary);
            Sql.Text(" = xrm.search_fold(").Value(typed, ColumnType.Text).Text(") then 3000000 when starts_with(");
            Folded(term.Primary);
            Sql.Text(", xrm.search_fold(").Value(typed, ColumnType.Text).Text(")) then 2000000 when ");
            Node(term.Primary, term.Wanted, term.Similar);
            Sql.Text(" then 1000000 else 0 end + ");
        }
        Sql.Text("round(");
        if (term.Similar) Similarity(term, typed);
        else Relevance(term);
        Sql.Text(" * 100000)::bigint)");
    }

    private void Similarity(SearchScoreTerm term, string typed)
    {
        Sql.Text("word_similarity(xrm.search_fold(").Value(typed, ColumnType.Text).Text("), ");
        Folded(term.Primary with { Values = term.Primary.Values.AddRange(term.Others.Values) });
        Sql.Text(")");
    }

    private void Relevance(SearchScoreTerm term)
    {
        var words = term.Wanted.Wanted.ToList();
        if (words.Count == 0)
        {
            Sql.Text("0");
            return;
        }
        Sql.Text("ts_rank(");
        if (!term.Primary.Values.IsEmpty) Weighted(term.Primary, isPrimary: true);
        if (!term.Primary.Values.IsEmpty && !term.Others.Values.IsEmpty) Sql.Text(" || ");
        if (!term.Others.Values.IsEmpty) Weighted(term.Others, isPrimary: false);
        for (var index = 0; index < words.Count; index++)
        {
            Sql.Either(index == 0, ", ", " || ");
            Query(term.Others.Language, words[index]);
        }
        Sql.Text(")");
    }

    private void Weighted(SearchedText text, bool isPrimary)
    {
        Sql.Text("setweight(");
        SearchText.Words(Sql, Parts(text), text.Language);
        Sql.Either(isPrimary, ", 'A')", ", 'D')");
    }

    private void Node(SearchedText text, SearchNode node, bool similar)
    {
        switch (node)
        {
            case SearchWord { IsPhrase: true } phrase: Phrase(text, phrase); break;
            case SearchWord word when similar && IsSimilar(word): Similar(text, word); break;
            case SearchWord word: Word(text, word); break;
            case SearchNot not:
                Sql.Text("(not ");
                Node(text, not.Operand, similar: false);
                Sql.Text(")");
                break;
            case SearchGroup group:
                Sql.Text("(");
                for (var index = 0; index < group.Operands.Length; index++)
                {
                    if (index > 0) Sql.Either(group.All, " and ", " or ");
                    Node(text, group.Operands[index], similar);
                }
                Sql.Text(")");
                break;
        }
    }

    /// <summary>The beginning of a word or of its stem; or a part of any word.</summary>
    private void Word(SearchedText text, SearchWord word)
    {
        Sql.Text("(");
        SearchText.Words(Sql, Parts(text), text.Language);
        Sql.Text(" @@ ");
        Query(text.Language, word);
        if (HasRun(word.Text, ShortestPart)) OrContains(text, word.Text);
        if (text.Values.Any(value => value.Form == SearchForm.Phone) && PhoneDigits(word.Text) is { } digits) OrContains(text, digits);
        Sql.Text(")");
    }

    private void OrContains(SearchedText text, string part)
    {
        Sql.Text(" or ");
        Contains(text, part);
    }

    private void Contains(SearchedText text, string part)
    {
        Folded(text);
        Sql.Text(" like xrm.search_pattern(").Value(part, ColumnType.Text).Text(")");
    }

    /// <summary>The index finds the letters; that they begin and end with whole words is seen in the rows that it found.</summary>
    private void Phrase(SearchedText text, SearchWord phrase)
    {
        Sql.Text("(");
        Contains(text, phrase.Text);
        if (HasRun(phrase.Text, 1))
        {
            Sql.Text(" and xrm.search_spaced(");
            Folded(text);
            Sql.Text(") like '%' || xrm.search_spaced(xrm.search_fold(").Value(phrase.Text, ColumnType.Text).Text(")) || '%'");
        }
        Sql.Text(")");
    }

    private void Similar(SearchedText text, SearchWord word)
    {
        Sql.Text("(xrm.search_fold(").Value(word.Text, ColumnType.Text).Text(") <% ");
        Folded(text);
        Sql.Text(")");
    }

    private void Query(string language, SearchWord word) =>
        Sql.Text("to_tsquery(").Trusted(SearchText.Configuration(language)).Text(", xrm.search_prefix(").Value(word.Text, ColumnType.Text).Text("))");

    private void Folded(SearchedText text) => SearchText.Folded(Sql, Parts(text));

    private ImmutableArray<SearchPart> Parts(SearchedText text) => [.. text.Values.Select(value => new SearchPart(value.Form, () => terms.Write(value.Value)))];

    private static bool IsSimilar(SearchWord word) => !word.IsPhrase && HasRun(word.Text, ShortestSimilar) && !word.Text.Any(char.IsDigit);

    /// <summary>Letters and digits behind one another.</summary>
    private static bool HasRun(string text, int length)
    {
        var run = 0;
        foreach (var sign in text)
            if ((run = char.IsLetterOrDigit(sign) || char.IsSurrogate(sign) ? run + 1 : 0) == length) return true;
        return false;
    }

    /// <summary>The digits of what can be a telephone number, without zeros before the code of the place or country; null for anything else.</summary>
    private static string? PhoneDigits(string text)
    {
        if (text.Any(sign => !char.IsAsciiDigit(sign) && !"+-/().".Contains(sign))) return null;
        var digits = string.Concat(text.Where(char.IsAsciiDigit)).TrimStart('0');
        return digits.Length >= ShortestPart && digits != text ? digits : null;
    }
}
