using System.Collections.Immutable;
using System.Text.Json;

namespace Xrm.Server.Features.Metadata;

/// <summary>Everything that the screens of one caller are generated from. Names are as in the metadata format.</summary>
internal sealed record ApplicationModel(
    long Version, string Language, string? BaseCurrency, ApplicationUser User,
    ImmutableArray<ApplicationApp> Apps, ImmutableArray<ApplicationEntity> Entities,
    ImmutableArray<ApplicationForm> Forms, ImmutableArray<ApplicationView> Views);

internal sealed record ApplicationUser(Guid Id, string UserName, string DisplayName, ImmutableArray<string> Roles, bool IsAdministrator);

internal sealed record ApplicationApp(string Name, string Label, string? Description, string? Icon, string? Color, ImmutableArray<ApplicationNavigation> Navigation);

internal sealed record ApplicationNavigation(string? Label, ImmutableArray<ApplicationNavigationItem> Items);

internal sealed record ApplicationNavigationItem(string Entity, string? View, string Label);

internal sealed record ApplicationEntity(
    string Name, string Plural, string Label, string PluralLabel, string? Description, string? Icon, string? Color,
    string Primary, string? Subtitle, ImmutableArray<string> Features, ImmutableArray<ApplicationSort> DefaultSort, ApplicationRights Rights,
    ImmutableArray<ApplicationField> Fields, ApplicationLifecycle? Lifecycle, ImmutableArray<ApplicationButton> Buttons, ImmutableArray<ApplicationInverse> Inverses);

internal sealed record ApplicationSort(string Field, bool Descending);

internal sealed record ApplicationRights(bool Create, bool Read, bool Update, bool Delete);

internal sealed record ApplicationLifecycle(string Field, ImmutableArray<ApplicationTransition> Transitions);

internal sealed record ApplicationTransition(string Name, string Label, ImmutableArray<string> From, string To, string? When);

internal sealed record ApplicationButton(string Name, string Label, string? When);

internal sealed record ApplicationInverse(string Name, string Label, string Entity, string Via);

internal sealed record ApplicationColumn(string Name, string Type, string Part);

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

internal sealed record ApplicationView(string Name, string Entity, string Label, bool Default, ImmutableArray<string> Columns, string? Filter, ImmutableArray<ApplicationSort> Sort);

internal sealed record ApplicationForm(string Name, string Entity, string Label, ImmutableArray<string> Header, ImmutableArray<ApplicationTab> Tabs);

internal sealed record ApplicationTab(string Label, string? Visible, ImmutableArray<ApplicationSection> Sections);

internal sealed record ApplicationSection(string? Label, int Columns, string? Visible, ImmutableArray<ApplicationFormField> Fields);

internal sealed record ApplicationFormField(string Field, int? Span);
