using System.Collections.Immutable;
using System.Text;
using Xrm.Data.Queries;

namespace Xrm.Server.Features.Search;

/// <summary>A part of a text with the words searched for.</summary>
/// <param name="Text">The part, without marks at its ends.</param>
/// <param name="Matches">Where the words stand in it.</param>
internal sealed record SearchExcerpt(string Text, ImmutableArray<SearchMatch> Matches)
{
    private const int Longest = 160;
    private const int Before = 40;

    /// <summary>Of a word that is not there as typed its beginning is looked for: another form of it has that, or one like it.</summary>
    private const int ShortestBeginning = 3;

    /// <summary>The part of a text around the first of the words; null where it has none of them.</summary>
    public static SearchExcerpt? Of(string text, IEnumerable<SearchWord> words)
    {
        var folded = new FoldedText(text);
        var matches = words.SelectMany(word => Find(folded, new FoldedText(word.Text).Text)).OrderBy(match => match.Start).ThenByDescending(match => match.Length).ToList();
        if (matches.Count == 0) return null;
        var from = text.Length <= Longest ? 0 : Boundary(text, Math.Max(0, matches[0].Start - Before));
        var to = Math.Min(text.Length, from + Longest);
        if (to < text.Length && char.IsLowSurrogate(text[to])) to--;
        return new SearchExcerpt(text[from..to], [.. Apart(matches).Where(match => match.Start >= from && match.Start + match.Length <= to).Select(match => match with { Start = match.Start - from })]);
    }

    private static IEnumerable<SearchMatch> Find(FoldedText text, string word)
    {
        for (var length = word.Length; length >= Math.Min(word.Length, ShortestBeginning); length--)
        {
            var found = text.Find(word[..length], atBeginning: length < word.Length).ToList();
            if (found.Count > 0) return found;
        }
        return [];
    }

    /// <summary>Without those that begin inside another.</summary>
    private static IEnumerable<SearchMatch> Apart(IEnumerable<SearchMatch> matches)
    {
        var end = 0;
        foreach (var match in matches)
        {
            if (match.Start < end) continue;
            end = match.Start + match.Length;
            yield return match;
        }
    }

    /// <summary>The beginning of the word at a place.</summary>
    private static int Boundary(string text, int place)
    {
        var space = text.AsSpan(place, Math.Min(Before, text.Length - place)).IndexOfAny(' ', '\n');
        return place == 0 ? 0 : space < 0 ? char.IsLowSurrogate(text[place]) ? place + 1 : place : place + space + 1;
    }

    /// <summary>A text in lower case and without accents, that knows where its characters come from.</summary>
    private sealed class FoldedText
    {
        // The server may run without Unicode's tables; these are the letters of the languages around.
        private const string Accented = "àáâãäåāăąçćčďđèéêëēėęěğìíîïīįıłľĺñńňòóôõöøōőŕřśšşșťțţùúûüūůűųýÿźżž";
        private const string Plain = "aaaaaaaaacccddeeeeeeeegiiiiiiilllnnnoooooooorrsssstttuuuuuuuuyyzzz";

        private readonly List<int> _origins = [];
        private readonly int _length;

        public FoldedText(string text)
        {
            var folded = new StringBuilder(text.Length);
            for (var index = 0; index < text.Length; index++)
                foreach (var sign in Fold(text[index]))
                {
                    folded.Append(sign);
                    _origins.Add(index);
                }
            (Text, _length) = (folded.ToString(), text.Length);
        }

        public string Text { get; }

        public IEnumerable<SearchMatch> Find(string part, bool atBeginning)
        {
            if (part.Length == 0) yield break;
            for (var at = Text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = Text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
            {
                if (atBeginning && at > 0 && char.IsLetterOrDigit(Text[at - 1])) continue;
                var end = at + part.Length < _origins.Count ? _origins[at + part.Length] : _length;
                yield return new SearchMatch(_origins[at], Math.Max(end, _origins[at] + 1) - _origins[at]);
            }
        }

        private static string Fold(char sign)
        {
            var lower = char.ToLowerInvariant(sign);
            if (char.IsAscii(lower)) return lower.ToString();
            var at = Accented.IndexOf(lower, StringComparison.Ordinal);
            return at >= 0 ? Plain[at].ToString() : lower switch
            {
                'ß' => "ss",
                'æ' => "ae",
                'œ' => "oe",
                _ => lower.ToString(),
            };
        }
    }
}

/// <summary>Where a word stands.</summary>
/// <param name="Start">From which character on, from 0, in UTF-16 units.</param>
/// <param name="Length">How many of them.</param>
internal readonly record struct SearchMatch(int Start, int Length);
