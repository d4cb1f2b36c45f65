using System.Collections.Immutable;
using System.Text.Json;

namespace Xrm.Server.Features.Metadata;

/// <summary>Everything that the screens of one caller are generated from, as <c>GET /api/metadata/application</c> answers it. Names are as in the metadata format.</summary>
internal sealed record ApplicationModel(
    long Version, string Language, string TimeZone, string? BaseCurrency, ApplicationUser User,
    ImmutableArray<ApplicationApp> Apps, ImmutableArray<ApplicationEntity> Entities,
    ImmutableArray<ApplicationForm> Forms, ImmutableArray<ApplicationView> Views, ImmutableArray<ApplicationText> ScriptTexts);

/// <summary>A text that scripts of forms ask for, in the person's language.</summary>
internal sealed record ApplicationText(string Key, string Text);

/// <summary>The person who asks.</summary>
/// <param name="Id">Id of the user.</param>
/// <param name="UserName">Sign-in name.</param>
/// <param name="DisplayName">What people call them.</param>
/// <param name="Roles">Names of their roles.</param>
/// <param name="IsAdministrator">May do everything.</param>
/// <param name="Values">Values of their own record for which formulas ask.</param>
/// <param name="Preview">As whom they see the application; null as themselves.</param>
internal sealed record ApplicationUser(Guid Id, string UserName, string DisplayName, ImmutableArray<string> Roles, bool IsAdministrator, ImmutableArray<ApplicationUserValue> Values, ApplicationPreview? Preview);

/// <summary>A value of the person's own record.</summary>
/// <param name="Name">What formulas call it: <c>region</c> for <c>user.region</c>.</param>
/// <param name="Kind">What it is to formulas.</param>
/// <param name="Value">The value as the API writes it; missing for null.</param>
internal sealed record ApplicationUserValue(string Name, string Kind, object? Value);

/// <summary>As whom an administrator sees the application: labels of the roles, and the person where it is somebody's place.</summary>
internal sealed record ApplicationPreview(ImmutableArray<string> Roles, string? Person);

/// <summary>Navigation for one kind of work.</summary>
internal sealed record ApplicationApp(string Name, string Label, string? Description, string? Icon, string? Color, ImmutableArray<ApplicationNavigationGroup> Navigation);

/// <summary>Entries of the navigation under one heading.</summary>
internal sealed record ApplicationNavigationGroup(string? Label, ImmutableArray<ApplicationNavigationItem> Items);

/// <summary>One entry: the list of an entity's records, in a view of its own or in the one that opens first.</summary>
internal sealed record ApplicationNavigationItem(string Entity, string? View, string Label);

/// <summary>A kind of record.</summary>
internal sealed record ApplicationEntity(
    string Name, string Plural, string Label, string PluralLabel, string? Description, string? Icon, string? Color,
    string Primary, string? Subtitle, ImmutableArray<string> Features, ImmutableArray<ApplicationSort> DefaultSort, ApplicationRights Rights,
    ImmutableArray<ApplicationField> Fields, ApplicationLifecycle? Lifecycle, ImmutableArray<ApplicationWorkflowButton> Buttons, ImmutableArray<ApplicationAction> Actions, ImmutableArray<ApplicationInverse> Inverses,
    ImmutableArray<ApplicationRule> Rules, ImmutableArray<ApplicationFormScript> FormScripts, bool IsSettings, bool IsPerson);

/// <summary>One level of a sort order.</summary>
internal sealed record ApplicationSort(string Field, bool Descending);

/// <summary>What the person may do with an entity's records.</summary>
internal sealed record ApplicationRights(bool Create, bool Read, bool Update, bool Delete, bool Share, bool Export, bool Import);

/// <summary>The field that holds the state, and the transitions that the person may use.</summary>
internal sealed record ApplicationLifecycle(string Field, ImmutableArray<ApplicationTransition> Transitions);

/// <summary>A way from some states to another; <c>when</c> is a formula.</summary>
internal sealed record ApplicationTransition(string Name, string Label, ImmutableArray<string> From, string To, string? When);

/// <summary>Starts a workflow for a record; <c>when</c> is a formula.</summary>
internal sealed record ApplicationWorkflowButton(string Name, string Label, string? When);

/// <summary>Runs a script for a record with what the person enters; <c>when</c> is a formula.</summary>
internal sealed record ApplicationAction(string Name, string Label, string? Description, string? When, ImmutableArray<ApplicationParameter> Parameters);

/// <summary>A value that the person is asked for. <c>type</c>: text, multiline, integer, decimal, boolean, date, datetime, choice, lookup; <c>target</c>: entity of a lookup.</summary>
internal sealed record ApplicationParameter(
    string Name, string Label, string? Description, string Type, bool Required, JsonElement? Default, ImmutableArray<ApplicationParameterOption> Options, string? Target, decimal? Min, decimal? Max, int? MaxLength);

/// <summary>One value of a parameter to choose.</summary>
internal sealed record ApplicationParameterOption(string Value, string Label);

/// <summary>A rule without a script, in the order in which rules run. <c>fields</c>: on update it runs only while one of them is changed; <c>when</c> is a formula, always true where missing.</summary>
internal sealed record ApplicationRule(
    string Name, bool OnCreate, bool OnUpdate, ImmutableArray<string> Fields, string? When, ImmutableArray<ApplicationRuleAction> Then, ImmutableArray<ApplicationRuleAction> Else);

/// <summary>JavaScript that runs in forms of the entity; the name is that of its file.</summary>
internal sealed record ApplicationFormScript(string Name, string Text);

/// <summary>What a rule does with fields. <c>kind</c>: require, lock, show, hide, limit, set, default, clear, error, warning, info; <c>to</c> is a formula.</summary>
internal sealed record ApplicationRuleAction(string Kind, ImmutableArray<string> Fields, string? To, ImmutableArray<JsonElement>? Options, string? Message);

/// <summary>The records of another entity that point here through their lookup <c>via</c>.</summary>
internal sealed record ApplicationInverse(string Name, string Label, string Entity, string Via);

/// <summary>A stored value of a field; the name is the property in the API.</summary>
internal sealed record ApplicationColumn(string Name, string Type, string Part);

/// <summary>One value to choose.</summary>
internal sealed record ApplicationOption(JsonElement Value, string Label, string? Color, string? Icon, bool Retired, ImmutableArray<JsonElement> When);

/// <summary>A field as a form needs it. <c>required</c>, <c>readonly</c>, <c>visible</c>: true, false, or a formula.</summary>
internal sealed record ApplicationField
{
    public required string Name { get; init; }
    public required string Type { get; init; }
    public required string Kind { get; init; }
    public required string Label { get; init; }
    public string? Description { get; init; }
    public required ImmutableArray<ApplicationColumn> Columns { get; init; }
    public required object Required { get; init; }
    public required object Readonly { get; init; }
    public required object Visible { get; init; }
    public bool Hidden { get; init; }
    public bool Recommended { get; init; }
    public bool CreateOnly { get; init; }
    public bool Unique { get; init; }
    public bool Search { get; init; }
    public bool Computed { get; init; }
    public bool System { get; init; }
    public bool Writable { get; init; }

    /// <summary>The person sees a part of the value: they can neither filter nor sort by it.</summary>
    public bool Masked { get; init; }
    public object? Default { get; init; }
    public int? MaxLength { get; init; }
    public string? Pattern { get; init; }
    public decimal? Min { get; init; }
    public decimal? Max { get; init; }
    public int? Precision { get; init; }
    public int? Scale { get; init; }
    public string? Currency { get; init; }
    public ImmutableArray<ApplicationOption>? Options { get; init; }
    public string? Parent { get; init; }
    public bool AllowOther { get; init; }
    public ImmutableArray<string>? Targets { get; init; }
    public bool Polymorphic { get; init; }
    public string? Child { get; init; }
    public string? Via { get; init; }
    public string? FarSide { get; init; }
    public ImmutableArray<string>? GridColumns { get; init; }
    public string? Filter { get; init; }
    public string? CopyFrom { get; init; }
    public string? Language { get; init; }
}

/// <summary>A list of records.</summary>
internal sealed record ApplicationView(string Name, string Entity, string Label, bool Default, ImmutableArray<string> Columns, string? Filter, ImmutableArray<ApplicationSort> Sort);

/// <summary>How one record is shown and edited.</summary>
internal sealed record ApplicationForm(string Name, string Entity, string Label, ImmutableArray<string> Header, ImmutableArray<ApplicationTab> Tabs);

/// <summary>One tab of a form; <c>visible</c> is a formula.</summary>
internal sealed record ApplicationTab(string Label, string? Visible, ImmutableArray<ApplicationSection> Sections);

/// <summary>A group of fields in columns; <c>visible</c> is a formula.</summary>
internal sealed record ApplicationSection(string? Label, int Columns, string? Visible, ImmutableArray<ApplicationFormField> Fields);

/// <summary>A field's place, or the name of an inverse side for the related records; <c>span</c> in columns.</summary>
internal sealed record ApplicationFormField(string Field, int? Span);
