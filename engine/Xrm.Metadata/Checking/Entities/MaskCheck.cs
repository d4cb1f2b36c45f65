using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>A part of a value is shown only of values that have such parts, and only to those who may not see the whole.</summary>
internal static class MaskCheck
{
    public static IEnumerable<Problem> Of(DraftField field, FieldType type)
    {
        if (field.Source.Access is not { } access) yield break;
        if (access.Masked.IsDefaultOrEmpty)
        {
            if (access.Mask != "none") yield return new Problem(ProblemCodes.MaskWrong, field.At("access.mask"), $"Nobody sees a part of {field.Name}.", "Name the roles that see it in masked, or leave mask out.");
            yield break;
        }
        if (access.Read.IsDefaultOrEmpty)
            yield return new Problem(ProblemCodes.MaskWrong, field.At("access.masked"), $"Everybody sees the whole of {field.Name}.", "Name the roles that see the whole in read.");
        if (type.Masks.IsEmpty)
            yield return new Problem(ProblemCodes.MaskWrong, field.At("access.masked"), $"No part of a field of type {type.Name} can be shown.", "Leave masked out: texts and dates have parts.");
        else if (!type.Masks.Contains(access.Mask))
            yield return new Problem(ProblemCodes.MaskWrong, field.At("access.mask"), $"A field of type {type.Name} has no part {access.Mask}.", $"It has {string.Join(", ", type.Masks)}.");
    }
}
