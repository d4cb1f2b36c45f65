using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Uses;

namespace Xrm.Scripting.Sandbox;

/// <summary>
/// What a script probably speaks of, from its words (comments are none): <c>record.status</c> and <c>previous['status']</c> are fields, as are the names that
/// stand in <c>query('deal', { … })</c> and its like; <c>deal.status</c>, whatever is called <c>deal</c>, is a field of each entity that the script asks for. A
/// text is an option of a choice, or a role, where the script speaks of that choice or of roles.
/// </summary>
internal sealed class ScriptReferences
{
    private static readonly string[] Functions = ["get", "setting", "query", "create", "update", "remove"];
    private static readonly string[] Telling = ["onChange", "fail", "warn", "require", "lock", "hide", "show", "limit", "focus", "info"];
    private readonly Entity? _entity;
    private readonly IReadOnlyList<ScriptWord> _words;
    private readonly List<(Entity Entity, int From, int To)> _calls;

    private ScriptReferences(string text, Entity? entity, Model model)
    {
        (_entity, _words) = (entity, ScriptWords.Of(text));
        _calls = [.. Enumerable.Range(0, Math.Max(0, _words.Count - 2)).Where(IsCall).Select(at => (Entity: model.FindEntity(_words[at + 2].Text)!, From: at + 2, To: EndOf(at + 1))).Where(call => call.Entity is not null)];
    }

    /// <summary>What a script mentions.</summary>
    /// <param name="text">The script.</param>
    /// <param name="location">Its file.</param>
    /// <param name="entity">Entity of its record; null for none.</param>
    /// <param name="model">The model.</param>
    public static IEnumerable<Reference> Of(string text, SourceLocation location, Entity? entity, Model model)
    {
        var script = new ScriptReferences(text, entity, model);
        var fields = script.Fields().Distinct().ToList();
        var choices = fields.Select(each => each.Field).Where(field => !field.Options.IsEmpty).Distinct().ToList();
        var asksForRoles = script._words.Any(word => word is { Text: "roles", IsText: false });
        var texts = script._words.Where(word => word.IsText).ToList();
        return fields.Select(each => At(Element.OfField(each.Field), each.Line))
            .Concat(script._calls.Select(call => At(Element.OfEntity(call.Entity.Name), script._words[call.From].Line)))
            .Concat(from word in texts from choice in choices where choice.Options.Any(option => option.Value.ToString() == word.Text) select At(Element.OfOption(choice, word.Text), word.Line))
            .Concat(texts.Where(word => asksForRoles && model.Roles.ContainsKey(word.Text)).Select(word => At(Element.OfRole(word.Text), word.Line)));

        Reference At(Element element, int line) => new(element, location with { Line = line }) { IsLikely = true };
    }

    private IEnumerable<(Field Field, int Line)> Fields()
    {
        var asked = _calls.Select(call => call.Entity).Distinct().ToList();
        for (var at = 0; at < _words.Count; at++)
        {
            var word = _words[at];
            var (isMember, isOfRecord) = Member(at);
            if (isMember && isOfRecord && Named(_entity, word.Text) is { } own) yield return (own, word.Line);
            if (isMember && !isOfRecord)
                foreach (var other in asked)
                    if (Named(other, word.Text) is { } field) yield return (field, word.Line);
            foreach (var (entity, _, _) in _calls.Where(call => at > call.From && at < call.To && IsName(at)))
                foreach (var field in Way(entity, word.Text)) yield return (field, word.Line);
            if (word.IsText && IsTold(at) && Named(_entity, word.Text) is { } told) yield return (told, word.Line);
        }
    }

    /// <summary>Whether the word stands behind a point or in brackets behind a value, and whether that is <c>record</c> or <c>previous</c>.</summary>
    private (bool IsMember, bool IsOfRecord) Member(int at)
    {
        if (at < 2 || _words[at - 1].IsText || !(_words[at].IsText ? _words[at - 1].Text == "[" : _words[at - 1].Text is "." or "?.")) return default;
        var holder = _words[at].IsText && _words[at - 2] is { Text: "?.", IsText: false } ? at - 3 : at - 2;
        var isOfRecord = holder >= 0 && _words[holder] is { Text: "record" or "previous", IsText: false } && (holder == 0 || _words[holder - 1] is not { Text: "." or "?.", IsText: false });
        return (true, isOfRecord);
    }

    /// <summary>A key of an object, a value that is called like the field, or a text such as <c>'due_on desc'</c>.</summary>
    private bool IsName(int at) => _words[at].IsText || _words.ElementAtOrDefault(at + 1) is { Text: ":", IsText: false } || _words[at - 1] is { Text: "{" or ",", IsText: false };

    /// <summary>Texts that are told or watched: <c>onChange('status', …)</c>, <c>onChange(['status', …], …)</c>, <c>fail('status', …)</c>.</summary>
    private bool IsTold(int at)
    {
        var before = at - 1;
        while (before > 0 && (_words[before].IsText || _words[before].Text is ",")) before--;
        if (before > 0 && _words[before].Text == "[") before--;
        else if (before != at - 1) return false;
        return before > 0 && _words[before] is { Text: "(", IsText: false } && Telling.Contains(_words[before - 1].Text);
    }

    /// <summary>The fields of a way such as <c>account.industry</c>; what stands behind a blank is an order.</summary>
    private static IEnumerable<Field> Way(Entity? entity, string text)
    {
        foreach (var name in text.Split(' ')[0].Split('.'))
        {
            if (Named(entity, name) is not { } field) yield break;
            yield return field;
            entity = field is { IsSingleLookup: true, Targets: [var target] } ? target : null;
        }
    }

    private static Field? Named(Entity? entity, string name) => entity?.FindField(name) ?? entity?.FindColumn(name)?.Field;

    private bool IsCall(int at) => _words[at] is { IsText: false } function && Functions.Contains(function.Text) && _words[at + 1] is { Text: "(", IsText: false } && _words[at + 2].IsText
        && (at == 0 || _words[at - 1] is not { Text: "." or "?.", IsText: false });

    /// <summary>Where the parentheses that open there are closed.</summary>
    private int EndOf(int open)
    {
        var depth = 0;
        for (var at = open; at < _words.Count; at++)
        {
            if (_words[at].IsText) continue;
            if (_words[at].Text == "(") depth++;
            else if (_words[at].Text == ")" && --depth == 0) return at;
        }
        return _words.Count;
    }
}
