using System.Text.Json;
using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Features.Data;

/// <summary>A new record that is made where it belongs: <c>POST contracts/{id}/lines</c>.</summary>
internal static class RelatedRecord
{
    /// <summary>The lookup by which records of that name belong to a record: that of its children, or of those that point to it. Null where the name means something else.</summary>
    public static Field? Via(Entity owner, string name) => owner.FindField(name) is not { } field ? owner.FindInverse(name) : field is { Child: not null, FarSide: null } ? field.Via : null;

    /// <summary>The record as sent, with what says to whom it belongs. What is no object stays as it is, to be refused with all else that is wrong.</summary>
    /// <param name="body">The record as sent.</param>
    /// <param name="via">The lookup.</param>
    /// <param name="owner">Entity and id of the record that it belongs to.</param>
    public static JsonElement Of(JsonElement body, Field via, (Entity Entity, Guid Id) owner)
    {
        if (body.ValueKind != JsonValueKind.Object) return body;
        return JsonText.Read(writer =>
        {
            writer.WriteStartObject();
            foreach (var property in body.EnumerateObject())
                if (property.Name != via.Columns[0].Name || property.Value.ToString() != owner.Id.ToString("D")) property.WriteTo(writer);
            writer.WriteString(via.Columns[0].Name, owner.Id);
            if (via.IsPolymorphic) writer.WriteString(via.Columns[1].Name, owner.Entity.Name);
            writer.WriteEndObject();
        });
    }
}
