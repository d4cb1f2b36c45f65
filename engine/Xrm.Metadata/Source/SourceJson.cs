using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Xrm.Metadata.Source;

/// <summary>How the records of this namespace become JSON and back.</summary>
public static class SourceJson
{
    /// <summary>The one set of options: camel case, defaults left out, two-space indent, properties in the order of the record.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutDefaults } },
        };
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOutDefaults(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Namespace != typeof(SourceJson).Namespace) return;
        // Asked for only while writing: a getter is compiled when it is first called, and those of all properties would take longer than reading a package.
        var pristine = new Lazy<object>(() => Activator.CreateInstance(type.Type)!);
        foreach (var property in type.Properties.Where(property => !property.IsRequired && property.Get is not null))
            property.ShouldSerialize = (_, value) => !IsSame(value, property.Get!(pristine.Value));
    }

    private static bool IsSame(object? value, object? usual) => value switch
    {
        null => true,
        string or Condition or Source.Options => Equals(value, usual),
        IEnumerable items => !items.Cast<object?>().Any(),
        _ => Equals(value, usual),
    };
}
