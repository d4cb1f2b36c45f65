using System.Collections.Immutable;
using Xrm.Formulas.Typing;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Functions;

/// <summary>A function of the formula language that needs nothing but its arguments. Several of one name differ in what they take.</summary>
/// <param name="Usage">How it is written, e.g. <c>upper(text)</c>.</param>
/// <param name="Summary">What it gives, in one sentence.</param>
internal sealed record Function(string Usage, string Summary)
{
    public string Name { get; } = Usage[..Usage.IndexOf('(', StringComparison.Ordinal)];

    /// <summary>Kinds that each argument may have.</summary>
    public required ImmutableArray<ImmutableArray<ValueKind>> Parameters { get; init; }

    /// <summary>Takes any number of arguments like its last one.</summary>
    public bool IsVariadic { get; init; }

    public required FormulaType Result { get; init; }

    /// <summary>Gives the value in memory.</summary>
    public required Func<object?[], IFormulaScope, object?> Value { get; init; }

    /// <summary>
    /// The value as SQL: one operand that needs no parentheses. <c>{0}</c> is the first argument, <c>{*}</c> all of them;
    /// <c>{now}</c>, <c>{today}</c> and <c>{zone}</c> are parameters.
    /// </summary>
    public required string Sql { get; init; }

    /// <summary>An argument that is null makes the result null, or false where the result is an answer; <see cref="Value"/> is not asked then.</summary>
    public bool IsStrict { get; init; } = true;

    /// <summary>The same arguments always give the same result: it does not ask for the time, the zone or the user.</summary>
    public bool IsDeterministic { get; init; } = true;

    /// <summary>The last argument must be a whole number written in the formula, from -12 to 12.</summary>
    public bool HasLiteralDigits { get; init; }

    public bool Takes(int count) => IsVariadic ? count >= Parameters.Length : count == Parameters.Length;

    public ImmutableArray<ValueKind> Parameter(int index) => Parameters[Math.Min(index, Parameters.Length - 1)];
}
