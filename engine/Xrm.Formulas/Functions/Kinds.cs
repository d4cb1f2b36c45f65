using System.Collections.Immutable;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas.Functions;

/// <summary>What arguments can be, for the tables of functions.</summary>
internal static class Kinds
{
    public static ImmutableArray<ValueKind> Text { get; } = [ValueKind.Text];

    public static ImmutableArray<ValueKind> Number { get; } = [ValueKind.Number];

    public static ImmutableArray<ValueKind> Date { get; } = [ValueKind.Date];

    public static ImmutableArray<ValueKind> DateTime { get; } = [ValueKind.DateTime];

    public static ImmutableArray<ValueKind> List { get; } = [ValueKind.List];

    public static ImmutableArray<ValueKind> Id { get; } = [ValueKind.Reference, ValueKind.Uuid];
}
