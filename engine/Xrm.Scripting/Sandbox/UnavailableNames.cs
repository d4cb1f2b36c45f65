using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Xrm.Metadata;

namespace Xrm.Scripting.Sandbox;

/// <summary>What JavaScript has elsewhere and rules have not, with what to do instead.</summary>
internal static partial class UnavailableNames
{
    private const string AnswersAtOnce = "all that a rule can call answers at once, so call it and use what it gives, without then, async or await.";

    private static readonly FrozenDictionary<string, string> Instead = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["require"] = "a rule is one file and loads no other. Write the function that you need into the file.",
        ["module"] = "a rule is one file; what it returns is given by return.",
        ["exports"] = "a rule is one file; what it returns is given by return.",
        ["process"] = "a rule does not reach the machine that it runs on. Who saves is user, the time is now.",
        ["System"] = "a rule does not reach the machine that it runs on, nor .NET. Records are read by get and query, other servers are called by http after the save.",
        ["global"] = "a rule sees record, previous, user and the functions of the script reference, and nothing global.",
        ["globalThis"] = "a rule sees record, previous, user and the functions of the script reference, and nothing global.",
        ["window"] = "a rule runs on the server, where there is no page. Scripts of forms run in the browser.",
        ["document"] = "a rule runs on the server, where there is no page. Scripts of forms run in the browser.",
        ["localStorage"] = "a rule keeps nothing between two runs. Write what has to stay into a record.",
        ["alert"] = "a rule runs on the server. To tell the person something call warn, to refuse the save call fail.",
        ["console"] = "write log(…) instead of console.log(…).",
        ["fetch"] = "call http({ url: … }) in a rule that runs after the save (\"timing\": \"after\"): a save must not wait for another server.",
        ["XMLHttpRequest"] = "call http({ url: … }) in a rule that runs after the save (\"timing\": \"after\"): a save must not wait for another server.",
        ["Promise"] = AnswersAtOnce,
        ["setTimeout"] = "a rule runs to its end at once. For something later write a schedule, or a workflow that waits.",
        ["setInterval"] = "a rule runs to its end at once. For something that happens again and again write a schedule.",
        ["eval"] = "a rule does not make code from texts. Write the code itself.",
        ["Function"] = "a rule does not make code from texts. Write function (…) { … }.",
        ["Map"] = "use an object: map[key] = value.",
        ["Set"] = "use a list and includes, or an object.",
        ["Symbol"] = "use a text.",
        ["BigInt"] = "numbers of rules are exact decimals of 28 digits already.",
        ["Proxy"] = "write a function.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What rules have, for names that are almost right.</summary>
    private static readonly string[] Available =
        ["record", "previous", "user", "now", "today", "operation", "transition", "parameters", "fail", "warn", "log", "mail", "http", "translate", "get", "query", "create", "update", "remove", "addDays", "addMonths", "addYears", "daysBetween"];

    /// <summary>What to tell of an error that says that a name is not there; null for other errors.</summary>
    /// <param name="message">Message of the error.</param>
    public static string? Explain(string message)
    {
        if (NotDefined().Match(message) is not { Success: true } found) return null;
        var name = found.Groups[1].Value;
        if (Sentence(name) is { } known) return known;
        return $"There is no '{name}': nothing of that name was made by the script before this line.{(Names.Nearest(name, Available) is { } near ? $" Did you mean {near}?" : "")}";
    }

    /// <summary>The names of this list that a script uses and has not made itself, with their lines.</summary>
    /// <param name="script">Text of the script, which can be parsed.</param>
    public static IEnumerable<(string Sentence, int Line)> Used(string script)
    {
        if (!Instead.Keys.Any(name => script.Contains(name, StringComparison.Ordinal))) yield break;
        var words = ScriptWords.Of(script);
        var made = Made(words);
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            if (word.IsText || made.Contains(word.Text) || Sentence(word.Text) is not { } sentence) continue;
            // Properties and keys are the script's own; typeof asks without reaching.
            if ((index > 0 && words[index - 1] is { IsText: false, Text: "." or "typeof" }) || (index + 1 < words.Count && words[index + 1] is { IsText: false, Text: ":" })) continue;
            yield return (sentence, word.Line);
        }
    }

    private static string? Sentence(string name) => Instead.TryGetValue(name, out var instead) ? $"There is no '{name}' in rules: {instead}" : null;

    /// <summary>Names that the script declares: variables, functions and what these take.</summary>
    private static HashSet<string> Made(IReadOnlyList<ScriptWord> words)
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 1; index < words.Count; index++)
        {
            var before = words[index - 1];
            if (before is { IsText: false, Text: "var" or "let" or "const" or "function" or "catch" }) made.Add(words[index].Text);
            if (before is not { IsText: false, Text: "function" or "catch" }) continue;
            for (var at = index; at < words.Count && words[at].Text != ")"; at++) made.Add(words[at].Text);
        }
        return made;
    }

    [GeneratedRegex(@"^(\w+) is not defined$", RegexOptions.CultureInvariant)]
    private static partial Regex NotDefined();
}
