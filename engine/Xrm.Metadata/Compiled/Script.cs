namespace Xrm.Metadata.Compiled;

/// <summary>A script of a package, with what it belongs to.</summary>
/// <param name="Kind">What it belongs to.</param>
/// <param name="Name">Name of what it belongs to; of a rule, unique in its entity.</param>
/// <param name="Text">What runs: JavaScript.</param>
/// <param name="Location">The file that the author wrote, for errors.</param>
public sealed record Script(ScriptKind Kind, string Name, string Text, SourceLocation Location)
{
    /// <summary>Entity of the record that it sees as <c>record</c>; null for none.</summary>
    public Entity? Entity { get; init; }

    /// <summary>It reads and changes other records as the system, which may do everything, and not as the person who saves.</summary>
    public bool RunsAsSystem { get; init; }

    /// <summary><c>contract.pricing</c>; the name alone where there is no record.</summary>
    public string FullName => Entity is null ? Name : $"{Entity.Name}.{Name}";

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {FullName}";
}

/// <summary>What a script belongs to.</summary>
public enum ScriptKind
{
    /// <summary>Runs when a record is saved or deleted.</summary>
    Rule,

    /// <summary>Runs when somebody asks for it.</summary>
    Action,

    /// <summary>Runs at certain times.</summary>
    Schedule,
}
