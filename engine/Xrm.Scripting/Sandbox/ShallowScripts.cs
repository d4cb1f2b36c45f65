using System.Collections.Frozen;
using Jint.Parser;

namespace Xrm.Scripting.Sandbox;

/// <summary>
/// Tells scripts that any thread can run: most rules compare and assign. They make no functions, so that nothing calls itself; no objects with prototypes
/// of their own, a chain of which is as deep to read as it is long; no regular expressions, which take time without a report to the <see cref="Meter"/>;
/// and they ask nothing of their host, so that the thread never waits.
/// </summary>
internal static class ShallowScripts
{
    // An expression nests at most once per word, and each level takes some hundred bytes of stack.
    private const int MostWords = 500;

    // The function around the script, see ScriptParser.
    private const int FunctionsAround = 1;

    // The last ones are those of HostFunctions.
    private static readonly FrozenSet<string> Deep = new[] { "new", "RegExp", "bind", "get", "query", "create", "update", "remove", "setting", "mail", "http" }.ToFrozenSet();

    public static bool Has(List<Token> words) => words.Count <= MostWords
        && words.Count(word => word is { Type: Tokens.Keyword, Value: "function" }) == FunctionsAround
        && !words.Exists(word => word.Type == Tokens.RegularExpression || (word.Type is Tokens.Keyword or Tokens.Identifier && word.Value is string name && Deep.Contains(name)));
}
