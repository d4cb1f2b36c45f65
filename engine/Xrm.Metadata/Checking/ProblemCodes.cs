namespace Xrm.Metadata.Checking;

/// <summary>The codes of all problems of metadata. A code is never reused; the reference lists them with their summaries.</summary>
public static class ProblemCodes
{
    /// <summary>An action, or one of its parameters, that cannot be run as it is written.</summary>
    public const string ActionWrong = "action_wrong";

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

    /// <summary>A package's folder has another name than its manifest says.</summary>
    public const string FolderNameWrong = "folder_name_wrong";

    /// <summary>Two packages have one name.</summary>
    public const string PackageTwice = "package_twice";

    /// <summary>A package that this one builds on is not there.</summary>
    public const string DependencyMissing = "dependency_missing";

    /// <summary>A package that this one builds on has a version outside the accepted range.</summary>
    public const string DependencyVersion = "dependency_version";

    /// <summary>A reference to something of a package that this one does not depend on.</summary>
    public const string DependencyUndeclared = "dependency_undeclared";

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

    /// <summary>A field type that the engine does not have.</summary>
    public const string FieldTypeUnknown = "field_type_unknown";

    /// <summary>A setting that the field type does not take.</summary>
    public const string SettingRefused = "setting_refused";

    /// <summary>A setting of a field has a value that the field type cannot work with.</summary>
    public const string SettingWrong = "setting_wrong";

    /// <summary>A field, column or app has a name that the engine needs for its own.</summary>
    public const string NameReserved = "name_reserved";

    /// <summary>Two fields of an entity need a column of the same name.</summary>
    public const string ColumnTwice = "column_twice";

    /// <summary>The primary field cannot stand for a record.</summary>
    public const string PrimaryUnsuitable = "primary_unsuitable";

    /// <summary>A required lookup to the same entity: the first record could never be made.</summary>
    public const string LookupNeedsItself = "lookup_needs_itself";

    /// <summary>Required lookups in a circle: no record of these entities could ever be made.</summary>
    public const string LookupCycle = "lookup_cycle";

    /// <summary>A lookup that should point to this entity points elsewhere, or there is none.</summary>
    public const string ViaWrong = "via_wrong";

    /// <summary>A link entity lacks a lookup to one of its sides.</summary>
    public const string ThroughWrong = "through_wrong";

    /// <summary>A rollup whose aggregate does not fit the field.</summary>
    public const string RollupWrong = "rollup_wrong";

    /// <summary>A path that reaches through something that is not a lookup of one kind.</summary>
    public const string PathWrong = "path_wrong";

    /// <summary>A shared option list that does not exist.</summary>
    public const string OptionsUnknown = "options_unknown";

    /// <summary>A value that is not an option of the choice.</summary>
    public const string OptionUnknown = "option_unknown";

    /// <summary>The field of a lifecycle is not a choice.</summary>
    public const string LifecycleWrong = "lifecycle_wrong";

    /// <summary>A rule that has neither a script nor actions, or both, or an action that lacks something, does several things, or does what its field does not take.</summary>
    public const string RuleWrong = "rule_wrong";

    /// <summary>An entity of settings cannot have exactly one record.</summary>
    public const string SettingsWrong = "settings_wrong";

    /// <summary>A schedule whose times cannot be told.</summary>
    public const string ScheduleWrong = "schedule_wrong";

    /// <summary>A script file that a rule names is not there.</summary>
    public const string ScriptMissing = "script_missing";

    /// <summary>A script in TypeScript was not compiled, or changed since: run <c>xrm build</c>.</summary>
    public const string ScriptNotBuilt = "script_not_built";

    /// <summary>A rule names what was made of a script in TypeScript, and not the script itself.</summary>
    public const string ScriptOfSource = "script_of_source";

    /// <summary>A reference to a role that does not exist.</summary>
    public const string RoleUnknown = "role_unknown";

    /// <summary>A reference to a view that does not exist, or is of another entity.</summary>
    public const string ViewUnknown = "view_unknown";

    /// <summary>A name does not begin with the entity that the file is about.</summary>
    public const string OwnerWrong = "owner_wrong";

    /// <summary>A workflow step lacks a property that its type needs, or has one that it does not take.</summary>
    public const string StepWrong = "step_wrong";

    /// <summary>The text of a mail has a tag that has no meaning, or a part without beginning or end.</summary>
    public const string TemplateWrong = "template_wrong";

    /// <summary>A text that is not an ISO 8601 duration.</summary>
    public const string DurationWrong = "duration_wrong";

    /// <summary>A default that the field cannot hold.</summary>
    public const string DefaultWrong = "default_wrong";

    /// <summary>A value in a row or a step that the field cannot hold.</summary>
    public const string ValueWrong = "value_wrong";

    /// <summary>A value for a field that the engine computes.</summary>
    public const string ValueComputed = "value_computed";

    /// <summary>A starter row without a value for a key field: it could not be found again.</summary>
    public const string KeyIncomplete = "key_incomplete";

    /// <summary>Two starter rows have the same key.</summary>
    public const string RowTwice = "row_twice";

    /// <summary>Starter rows without a key.</summary>
    public const string KeyMissing = "key_missing";

    /// <summary>A translation of something that does not exist.</summary>
    public const string TextKeyUnknown = "text_key_unknown";

    /// <summary>A test that does nothing, or several things at once.</summary>
    public const string TestWrong = "test_wrong";

    /// <summary>A test refers to a record that it did not make before.</summary>
    public const string TestRecordUnknown = "test_record_unknown";

    /// <summary>A reference to a transition that does not exist.</summary>
    public const string TransitionUnknown = "transition_unknown";

    /// <summary>A reference to a workflow that does not exist.</summary>
    public const string WorkflowUnknown = "workflow_unknown";

    /// <summary>A part of a field's values is to be shown that they do not have, or to nobody.</summary>
    public const string MaskWrong = "mask_wrong";

    /// <summary>A row filter of a role that is not for one entity.</summary>
    public const string FilterWithoutEntity = "filter_without_entity";

    /// <summary>A role may change a package that does not exist.</summary>
    public const string PackageUnknown = "package_unknown";

    /// <summary>Two packages say where exchange rates are.</summary>
    public const string CurrenciesTwice = "currencies_twice";

    /// <summary>Two packages say in which language records are written.</summary>
    public const string LanguageTwice = "language_twice";

    /// <summary>Two packages say in which time zone the organisation lives.</summary>
    public const string TimeZoneTwice = "time_zone_twice";

    /// <summary>What an entity or field says of people cannot be carried out.</summary>
    public const string PrivacyWrong = "privacy_wrong";

    /// <summary>Something asks for the value of a secret, which is not part of its record.</summary>
    public const string SecretUnsuitable = "secret_unsuitable";

    /// <summary>A secret that could not be encrypted: the server has no master key.</summary>
    public const string MasterKeyMissing = "master_key_missing";

    /// <summary>A time zone that does not exist.</summary>
    public const string TimeZoneUnknown = "time_zone_unknown";
}
