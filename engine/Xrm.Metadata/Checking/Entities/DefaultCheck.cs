using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.Checking.Entities;

/// <summary>Constant defaults are values that the field can hold.</summary>
internal static class DefaultCheck
{
    public static IEnumerable<Problem> Of(Merged merged) =>
        from each in merged.Fields
        let field = merged.Model.FindEntity(each.Entity.Name)?.FindField(each.Field.Name)
        where field is { DefaultValue: not null, Column: not null }
        let problem = Of(field, field.DefaultValue!.Value, each.Field.At("default"))
        where problem is not null
        select problem;

    private static Problem? Of(Field field, JsonElement value, SourceLocation location) => value.ValueKind == JsonValueKind.Null
        ? new Problem(ProblemCodes.DefaultWrong, location, "The default is null.", "Leave the default out.")
        : Values.Of(field, field.Column!, value, ProblemCodes.DefaultWrong, location);
}
