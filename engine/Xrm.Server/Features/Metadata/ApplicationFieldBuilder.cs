using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;
using Xrm.Server.Localization;

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
            Label = texts.Field(field),
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
            Masked = caller.MaskOf(field) is not null,
            Writable = field.IsWritable && caller.CanWriteField(field),
            Default = field.DefaultFormula is { } formula ? new { formula = formula.Text } : field.DefaultValue,
            MaxLength = source.MaxLength,
            Pattern = source.Pattern,
            Min = source.Min,
            Max = source.Max,
            Precision = source.Precision,
            Scale = source.Scale,
            Currency = source.Currency,
            Options = field.Options.IsEmpty ? null : [.. field.Options.Select(option => new ApplicationOption(option.Value, texts.Option(field, option), option.Color, option.Icon, option.Retired, option.When))],
            Parent = source.Parent,
            AllowOther = source.AllowOther,
            Targets = field.Targets.IsEmpty ? null : [.. field.Targets.Where(target => caller.Can(target, Operation.Read)).Select(target => target.Name)],
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

    private static object ToAnswer(Condition condition) => condition.Formula is { } formula ? formula.Text : condition.Always == true;

    private static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
