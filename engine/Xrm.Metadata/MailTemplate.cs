using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Xrm.Metadata;

/// <summary>
/// The text of a mail with its tags: <c>{{field}}</c> and <c>{{lookup.field}}</c> for values, <c>{{#if field}} … {{else}} … {{/if}}</c>
/// and <c>{{#unless field}} … {{/unless}}</c> for parts, <c>{{! … }}</c> for remarks. The rest of Handlebars has no meaning over one record.
/// </summary>
public sealed partial class MailTemplate
{
    private readonly string _text;
    private readonly ImmutableArray<Tag> _tags;

    /// <summary>Reads a template; what is wrong is in <see cref="Mistakes"/>.</summary>
    public MailTemplate(string text)
    {
        _text = text;
        _tags = [.. TagExpression().Matches(text).Select(match => new Tag(match.Value, match.Groups["block"].Value, match.Groups["path"] is { Success: true } path ? path.Value : null))];
    }

    /// <summary>Paths whose values the text shows, each once.</summary>
    public IEnumerable<string> Shown => _tags.Where(tag => tag.Block.Length == 0).Select(tag => tag.Path).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>Paths that decide on parts of the text, each once.</summary>
    public IEnumerable<string> Asked => _tags.Where(tag => tag.Block.Length > 0).Select(tag => tag.Path).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>What is wrong with the tags, each in a sentence; paths are not looked up.</summary>
    public IEnumerable<string> Mistakes()
    {
        var open = new Stack<string>();
        foreach (var tag in _tags)
        {
            if (tag.Block.Length > 0) open.Push(tag.Block);
            else if (tag.Path is null && Structure().Match(tag.Text) is { Success: true } structure)
            {
                var ended = structure.Groups["end"].Value;
                if (open.Count == 0 || (ended.Length > 0 && open.Peek() != ended)) yield return $"{tag.Text} has no beginning.";
                else if (ended.Length > 0) open.Pop();
            }
            else if (tag.Path is null && !Remark().IsMatch(tag.Text)) yield return $"{tag.Text} has no meaning in a mail.";
        }
        foreach (var block in open) yield return $"{{{{#{block} …}}}} has no end.";
        if (TagExpression().Replace(_text, "").Contains("{{", StringComparison.Ordinal)) yield return "A {{ has no }}.";
    }

    /// <summary>The template with other names for its paths, so that a value and a value reached through it do not share one.</summary>
    /// <param name="shown">Name for a path whose value is shown.</param>
    /// <param name="asked">Name for a path that decides on a part.</param>
    public string WithNames(Func<string, string> shown, Func<string, string> asked) => TagExpression().Replace(_text, match =>
        match.Groups["path"] is not { Success: true } path ? match.Value
        : match.Groups["block"] is { Success: true } block ? $"{{{{#{block.Value} {asked(path.Value)}}}}}"
        : $"{{{{{shown(path.Value)}}}}}");

    private sealed record Tag(string Text, string Block, string? Path);

    [GeneratedRegex(@"\{\{\{.*?\}\}\}|\{\{\s*(#(?<block>if|unless)\s+)?(?!else\s*\}\})(?<path>[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*)\s*\}\}|\{\{.*?\}\}", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex TagExpression();

    [GeneratedRegex(@"\A\{\{\s*(else|/(?<end>if|unless))\s*\}\}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Structure();

    [GeneratedRegex(@"\A\{\{!", RegexOptions.ExplicitCapture)]
    private static partial Regex Remark();
}
