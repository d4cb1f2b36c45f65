using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Xrm.Data.Access;

namespace Xrm.Data.Queries;

/// <summary>
/// Remembers how questions were answered, for as long as their caller is remembered: the same few statements serve most of all requests.
/// </summary>
/// <typeparam name="TQuestion">All that the statement depends on besides the caller.</typeparam>
/// <typeparam name="TStatement">The statement.</typeparam>
/// <param name="mostPerCaller">More different questions than a client of ours ever has; whoever makes up more pays for them.</param>
internal sealed class KnownStatements<TQuestion, TStatement>(int mostPerCaller)
    where TQuestion : notnull
    where TStatement : class
{
    private readonly ConditionalWeakTable<Caller, ConcurrentDictionary<TQuestion, TStatement>> _known = [];

    /// <summary>The statement that served the same question before; null where there is none.</summary>
    public TStatement? Find(Caller caller, TQuestion question) =>
        _known.TryGetValue(caller, out var statements) ? statements.GetValueOrDefault(question) : null;

    /// <summary>Keeps a statement, where there is still room.</summary>
    public void Add(Caller caller, TQuestion question, TStatement statement)
    {
        var statements = _known.GetOrCreateValue(caller);
        if (statements.Count < mostPerCaller) statements[question] = statement;
    }
}
