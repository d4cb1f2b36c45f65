using Xrm.Metadata.Compiled;
using Xrm.Metadata.Uses;

namespace Xrm.Scripting.Sandbox;

/// <summary>
/// What a script probably speaks of, from the words of its program (comments are none): <c>record.status</c> and
/// <c>previous['status']</c> are fields; a text is an option of a choice, or a role, where the script speaks of that choice or of roles.
/// </summary>
internal static class ScriptReferences
{
    public static IEnumerable<Reference> Of(Rule rule, Model model)
    {
        var words = ScriptParser.Words(rule.Script);
        var fields = Enumerable.Range(0, words.Count).Select(index => (Field: FieldAt(rule.Entity, words, index), words[index].Line)).Where(each => each.Field is not null).ToList();
        var choices = fields.Select(each => each.Field!).Where(field => !field.Options.IsEmpty).Distinct().ToList();
        var asksForRoles = words.Any(word => word is { Text: "roles", IsText: false });
        var texts = words.Where(word => word.IsText).ToList();
        return fields.Select(each => At(Element.OfField(each.Field!), each.Line))
            .Concat(from text in texts from choice in choices where choice.Options.Any(option => option.Value.ToString() == text.Text) select At(Element.OfOption(choice, text.Text), text.Line))
            .Concat(texts.Where(text => asksForRoles && model.Roles.ContainsKey(text.Text)).Select(text => At(Element.OfRole(text.Text), text.Line)));

        Reference At(Element element, int line) => new(element, rule.Location with { Line = line }) { IsLikely = true };
    }

    private static Field? FieldAt(Entity entity, List<ScriptWord> words, int index)
    {
        if (words[index] is not { Text: "record" or "previous", IsText: false } || index + 2 >= words.Count) return null;
        if (words[index + 1].Text != (words[index + 2].IsText ? "[" : ".") || (index > 0 && words[index - 1] is { Text: ".", IsText: false })) return null;
        var name = words[index + 2].Text;
        return entity.FindField(name) ?? entity.FindColumn(name)?.Field;
    }
}

/// <summary>A word of a program.</summary>
/// <param name="Text">The word; the content of a text.</param>
/// <param name="IsText">A text in quotes.</param>
/// <param name="Line">One-based line.</param>
internal readonly record struct ScriptWord(string Text, bool IsText, int Line);
