using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>Collects the values of one stage of a summary.</summary>
internal sealed class SummaryColumns(ImmutableArray<SummaryColumn> first)
{
    private readonly ImmutableArray<SummaryColumn>.Builder _columns = first.ToBuilder();

    /// <summary>All of them.</summary>
    public ImmutableArray<SummaryColumn> All => _columns.ToImmutable();

    /// <summary>Adds a value that is shown.</summary>
    /// <exception cref="Errors.XrmException">400: its name is taken.</exception>
    public void Add(ImmutableArray<string> path, Term term, int position)
    {
        // One name for a value and for an object with values would be one property twice.
        if (_columns.Any(known => !known.IsHidden && known.Path.Take(path.Length).SequenceEqual(path.Take(known.Path.Length))))
            throw QueryProblems.NotSummed($"'{string.Join('/', path)}' ($apply, character {position}) is there already: take another name.");
        _columns.Add(new SummaryColumn(path, term, AsJsonTerm.Shown(Result(_columns.Count, term.Type))));
    }

    /// <summary>Adds a value that only the engine needs.</summary>
    public SummaryColumns AddHidden(Term term)
    {
        _columns.Add(new SummaryColumn([], term, Result(_columns.Count, term.Type)));
        return this;
    }

    /// <summary>Adds a hidden value that is true in rows that have another one.</summary>
    /// <param name="index">Place of the other one.</param>
    /// <param name="term">The value.</param>
    public void AddPresence(int index, Term term)
    {
        _columns[index] = _columns[index] with { Presence = _columns.Count };
        AddHidden(term);
    }

    private static ResultTerm Result(int index, ColumnType type) => new(index, type);
}
