using System.Collections.Immutable;

namespace Xrm.Data.Queries;

/// <summary>A part of what somebody searches for.</summary>
public abstract record SearchNode
{
    /// <summary>The words and phrases that must or may be there, in the order typed.</summary>
    public abstract IEnumerable<SearchWord> Wanted { get; }

    /// <summary>What is left where nothing may be excluded; null where nothing is left. True of all that the whole is true of.</summary>
    internal abstract SearchNode? Positive { get; }
}

/// <summary>A word, or a phrase in quotes.</summary>
/// <param name="Text">As typed, without the quotes; never empty.</param>
/// <param name="IsPhrase">It stands in quotes: it is found as it is, with nothing else before or behind it in its first and last word.</param>
public sealed record SearchWord(string Text, bool IsPhrase) : SearchNode
{
    /// <inheritdoc/>
    public override IEnumerable<SearchWord> Wanted => [this];

    internal override SearchNode Positive => this;

    /// <summary>As typed.</summary>
    public override string ToString() => IsPhrase ? $"\"{Text}\"" : Text;
}

/// <summary>What must not be there.</summary>
/// <param name="Operand">The words.</param>
public sealed record SearchNot(SearchNode Operand) : SearchNode
{
    /// <inheritdoc/>
    public override IEnumerable<SearchWord> Wanted => [];

    internal override SearchNode? Positive => null;

    /// <summary>In OData's words.</summary>
    public override string ToString() => $"NOT {Operand}";
}

/// <summary>Several parts.</summary>
/// <param name="All">All of them, or any.</param>
/// <param name="Operands">The parts, at least two.</param>
public sealed record SearchGroup(bool All, ImmutableArray<SearchNode> Operands) : SearchNode
{
    /// <inheritdoc/>
    public override IEnumerable<SearchWord> Wanted => Operands.SelectMany(operand => operand.Wanted);

    internal override SearchNode? Positive
    {
        get
        {
            var parts = Operands.Select(operand => operand.Positive).ToImmutableArray();
            // Any of these, one of which excludes: that one can be true of everything.
            if (!All && parts.Contains(null)) return null;
            ImmutableArray<SearchNode> left = [.. parts.OfType<SearchNode>()];
            return left.Length switch { 0 => null, 1 => left[0], _ => new SearchGroup(All, left) };
        }
    }

    /// <summary>In OData's words.</summary>
    public override string ToString() => $"({string.Join(All ? " AND " : " OR ", Operands)})";
}
