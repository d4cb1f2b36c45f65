namespace Xrm.Metadata.Checking;

/// <summary>The codes of all problems of metadata. A code is never reused; the reference lists them with their summaries.</summary>
public static class ProblemCodes
{
    /// <summary>The package has no manifest.json.</summary>
    public const string ManifestMissing = "manifest_missing";

    /// <summary>A file or folder that has no meaning in a package.</summary>
    public const string FileUnknown = "file_unknown";

    /// <summary>A file's name differs from the name inside it.</summary>
    public const string FileNameWrong = "file_name_wrong";

    /// <summary>A file is not UTF-8, or begins with a byte order mark.</summary>
    public const string EncodingWrong = "encoding_wrong";

    /// <summary>A file is not JSON.</summary>
    public const string JsonInvalid = "json_invalid";

    /// <summary>A property occurs twice in one object.</summary>
    public const string PropertyTwice = "property_twice";

    /// <summary>Two packages have one name.</summary>
    public const string PackageTwice = "package_twice";

    /// <summary>A package that this one builds on is not there.</summary>
    public const string DependencyMissing = "dependency_missing";

    /// <summary>A package that this one builds on has a version outside the accepted range.</summary>
    public const string DependencyVersion = "dependency_version";

    /// <summary>Packages depend on one another in a circle.</summary>
    public const string DependencyCycle = "dependency_cycle";

    /// <summary>Two things of one kind have the same name.</summary>
    public const string NameTwice = "name_twice";

    /// <summary>A derived name would be longer than 63 letters.</summary>
    public const string NameTooLong = "name_too_long";

    /// <summary>A reference to an entity that does not exist.</summary>
    public const string EntityUnknown = "entity_unknown";

    /// <summary>A reference to a field that does not exist.</summary>
    public const string FieldUnknown = "field_unknown";

    /// <summary>A property that the format does not have at this place.</summary>
    public const string PropertyUnknown = "property_unknown";

    /// <summary>A required property is missing.</summary>
    public const string PropertyMissing = "property_missing";

    /// <summary>A value of the wrong JSON type, such as a text where a number is expected.</summary>
    public const string ValueTypeWrong = "value_type_wrong";

    /// <summary>A value outside its closed set.</summary>
    public const string ValueNotAllowed = "value_not_allowed";

    /// <summary>A number that is too small or too large, or a list that is too short or too long.</summary>
    public const string ValueOutOfRange = "value_out_of_range";

    /// <summary>A name or another text that does not have the required form.</summary>
    public const string NameInvalid = "name_invalid";
}
