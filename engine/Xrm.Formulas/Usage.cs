using System.Collections.Immutable;
using Xrm.Formulas.Nodes;
using Xrm.Metadata.Compiled;

namespace Xrm.Formulas;

/// <summary>What a formula asks for.</summary>
/// <param name="IsSameRow">Nothing but the record's own values.</param>
/// <param name="IsDeterministic">Nothing that changes by itself.</param>
/// <param name="IsStorable">Nothing that the engine fills in only when it writes the record.</param>
/// <param name="Fields">The record's own fields.</param>
internal sealed record Usage(bool IsSameRow, bool IsDeterministic, bool IsStorable, ImmutableArray<Field> Fields)
{
    public static Usage None { get; } = new(true, true, true, []);

    public Usage With(Usage other) => new(
        IsSameRow && other.IsSameRow, IsDeterministic && other.IsDeterministic, IsStorable && other.IsStorable,
        [.. Fields.Union(other.Fields)]);

    /// <summary>What a node asks for by itself, its parts left out.</summary>
    public static Usage Of(Node node) => node switch
    {
        CallNode call => None with { IsDeterministic = call.Function.IsDeterministic },
        UserNode or UserFieldNode or IsNewNode => None with { IsDeterministic = false },
        ChangedNode changed => None with { IsDeterministic = false, Fields = [changed.Field] },
        CountNode count => None with { IsSameRow = false, Fields = [count.Path[0]] },
        FieldNode { IsOuter: true } => None with { IsSameRow = false, IsDeterministic = false },
        FieldNode { IsSetting: true } => None with { IsSameRow = false },
        FieldNode field => new(field.Path.Length == 1, true, !IsFilledOnWrite(field.Path[0]), [field.Path[0]]),
        _ => None,
    };

    private static bool IsFilledOnWrite(Field field) => field.IsSystem && field.Name is not ("id" or "owner" or "owning_unit");
}
