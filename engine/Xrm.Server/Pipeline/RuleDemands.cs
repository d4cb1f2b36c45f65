using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline;

/// <summary>What rules without a script demand of one record; looked at when all rules have run.</summary>
internal sealed class RuleDemands
{
    /// <summary>Fields that need a value.</summary>
    public HashSet<Field> Required { get; } = [];

    /// <summary>Fields that people and clients cannot change.</summary>
    public HashSet<Field> Locked { get; } = [];

    /// <summary>Fields to which a rule gave a value: what a client sent for them does not count.</summary>
    public HashSet<Field> Written { get; } = [];

    /// <summary>Options that are left.</summary>
    public List<DemandedOptions> Limits { get; } = [];
}

/// <summary>Only some options of a field can be chosen.</summary>
/// <param name="Action">The field and the options.</param>
/// <param name="When">The rule's condition; null for always. Where what it asks for changes, the value is looked at even though it did not change itself.</param>
internal sealed record DemandedOptions(DecisionAction Action, Expression? When);
