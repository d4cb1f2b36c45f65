namespace Xrm.Metadata.Compiled;

/// <summary>A script that somebody runs when he wants it.</summary>
/// <param name="Source">The action as written.</param>
/// <param name="Entity">Entity of the record that it is about; null where it is about none.</param>
/// <param name="Script">What it runs.</param>
/// <param name="When">Must be true of the record; null where there is no condition.</param>
public sealed record ScriptAction(Source.ScriptAction Source, Entity? Entity, Script Script, Expression? When)
{
    /// <summary>Name, unique in the organisation.</summary>
    public string Name => Source.Name;

    /// <summary>Text of its button.</summary>
    public string Label => Source.Label ?? Names.ToLabel(Source.Name);
}
