using System.Globalization;

namespace Xrm.Metadata.Converting.Cdm;

/// <summary>Gives out names, each once.</summary>
/// <param name="reserved">Names that are taken from the start.</param>
internal sealed class UniqueNames(IEnumerable<string> reserved)
{
    private readonly HashSet<string> _taken = [.. reserved];

    /// <summary>The wanted name, or the first free one of <c>name_2</c>, <c>name_3</c> …</summary>
    /// <param name="wanted">The name.</param>
    /// <param name="needs">All names that a choice would take: of a field, also its columns.</param>
    public string Take(string wanted, Func<string, IEnumerable<string>> needs)
    {
        for (var count = 1; ; count++)
        {
            var name = count == 1 ? wanted : wanted + "_" + count.ToString(CultureInfo.InvariantCulture);
            var all = needs(name).ToList();
            if (all.Any(_taken.Contains)) continue;
            _taken.UnionWith(all);
            return name;
        }
    }
}
