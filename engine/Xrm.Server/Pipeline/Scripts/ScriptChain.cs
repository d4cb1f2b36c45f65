using System.Collections.Immutable;
using Xrm.Data.Errors;

namespace Xrm.Server.Pipeline.Scripts;

/// <summary>Rules that change records whose rules change records: how far that may go.</summary>
internal static class ScriptChain
{
    private const int Longest = 8;

    /// <summary>Refuses what has gone on for too long.</summary>
    /// <exception cref="XrmException">422 <c>rule_recursion</c>, with the chain.</exception>
    public static void Check(ImmutableArray<ScriptLink> chain)
    {
        if (chain.Length > Longest) throw Endless(chain, $"more than {Longest} rules led to each other");
    }

    /// <summary>The refusal of a chain.</summary>
    public static XrmException Endless(ImmutableArray<ScriptLink> chain, string why) =>
        new("rule_recursion", 422, $"Rules change records in a circle: {string.Join(" → ", chain.Select(link => link.Script.FullName))}; {why}.");
}
