using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Metadata;
using Xrm.Metadata.FieldTypes;
using Xrm.Server.Localization;
using Source = Xrm.Metadata.Source;

namespace Xrm.Server.Features.Metadata;

/// <summary>Describes a field to the screens of one caller.</summary>
internal sealed class ApplicationFieldBuilder(Caller caller, Texts texts)
{
    public ApplicationField Build(Field field)
    {
        var key = $"entity.{field.Entity.Name}.field.{field.Name}";
        var source = field.Source;
        return new ApplicationField
        {
            Name = field.Name,
            Type = field.Type.Name,
            Kind = CamelCase(field.Type.Kind.ToString()),
            Label = texts.Find(field.InverseOf is { } direct ? $"entity.{direct.Entity.Name}.field.{direct.Name}.inverse.label" : $"{key}.label") ?? texts.SystemField(field) ?? field.Label,
            Description = texts.Find($"{key}.description") ?? source.Description,
            Columns = [.. field.Columns.Select(column => new ApplicationColumn(column.Name, CamelCase(column.Type.ToString()), column.Part))],
            Required = ToAnswer(field.Required),
            Readonly = ToAnswer(field.Readonly),
            Visible = ToAnswer(field.Visible),
            Hidden = source.Hidden,
            Recommended = source.Recommended,
            CreateOnly = source.CreateOnly,
            Unique = source.Unique,
            Search = source.Search,
            Computed = field.IsComputed,
            System = field.IsSystem,
            // Of the fields that every record has, people choose the owner alone.
            Writable = (!field.IsComputed || field.Type is OwnerType) && caller.CanWriteField(field),
            Default = field.DefaultFormula is { } formula ? new { formula = formula.Text } : field.DefaultValue,
            MaxLength = source.MaxLength,
            Pattern = source.Pattern,
            Min = source.Min,
            Max = source.Max,
            Precision = source.Precision,
            Scale = source.Scale,
            Currency = source.Currency,
            Options = field.Options.IsEmpty ? null : [.. field.Options.Select(option => ToOption(field, key, option))],
            Parent = source.Parent,
            AllowOther = source.AllowOther,
            Targets = field.Targets.IsEmpty ? null : [.. field.Targets.Where(target => caller.Depth(target, Operation.Read) > Depth.None).Select(target => target.Name)],
            Polymorphic = field.IsPolymorphic,
            Child = field.Child?.Name,
            Via = field.Via?.Name,
            FarSide = field.FarSide?.Name,
            GridColumns = source.Columns.IsDefaultOrEmpty ? null : source.Columns,
            Filter = field.Filter?.Text,
            CopyFrom = source.CopyFrom,
            Language = source.Language,
        };
    }

    private ApplicationOption ToOption(Field field, string key, Source.Option option) => new(
        option.Value, texts.Find($"{key}.option.{option.Value}") ?? SharedText(field, option) ?? option.Label ?? Names.ToLabel(option.Value.ToString()),
        option.Color, option.Icon, option.Retired, option.When);

    // The texts of a shared list stand once in a translation, not once for every field that uses it.
    private string? SharedText(Field field, Source.Option option) =>
        field.Source.Options?.Shared is { } list ? texts.Find($"options.{list}.option.{option.Value}") : null;

    private static object ToAnswer(Condition condition) => condition.Formula is { } formula ? formula.Text : condition.Always == true;

    private static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
