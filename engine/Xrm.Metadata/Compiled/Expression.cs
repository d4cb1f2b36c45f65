namespace Xrm.Metadata.Compiled;

/// <summary>A formula where it is used. Two uses of the same text are two expressions: identity is by reference.</summary>
/// <param name="text">The formula.</param>
/// <param name="location">Where it is written, for errors.</param>
public sealed class Expression(string text, SourceLocation location)
{
    /// <summary>The formula.</summary>
    public string Text { get; } = text;

    /// <summary>Where it is written.</summary>
    public SourceLocation Location { get; } = location;

    /// <summary>The formula.</summary>
    public override string ToString() => Text;
}

/// <summary>A constant answer, or a formula that gives it.</summary>
/// <param name="Always">The constant; null where a formula decides.</param>
/// <param name="Formula">The formula; null where the answer is constant.</param>
public sealed record Condition(bool? Always, Expression? Formula)
{
    /// <summary>Always true.</summary>
    public static Condition True { get; } = new(true, null);

    /// <summary>Always false.</summary>
    public static Condition False { get; } = new(false, null);

    /// <summary>True where no formula can make it true.</summary>
    public bool Never => Always == false;
}
