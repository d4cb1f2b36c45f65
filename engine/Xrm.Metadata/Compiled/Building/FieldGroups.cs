namespace Xrm.Metadata.Compiled.Building;

/// <summary>Which fields belong together on a screen.</summary>
internal static class FieldGroups
{
    /// <summary>Needs the whole width: long texts, files, JSON.</summary>
    public static bool IsWide(Field field) => field.Type.Name is "multiline" or "richtext" or "markdown" or "code" or "json" or "files" or "image";

    /// <summary>Shown as a grid of other records.</summary>
    public static bool IsGrid(Field field) => field.Type.Name is "children" or "links";

    /// <summary>Heading under which a field stands in a form with many fields.</summary>
    public static string Heading(Field field) => field.Type.Name switch
    {
        "email" or "phone" or "url" => "Contact",
        "address" or "location" => "Address",
        "money" or "percent" => "Amounts",
        "date" or "datetime" or "time" or "duration" => "Dates",
        "boolean" => "Settings",
        _ => "Details",
    };
}
