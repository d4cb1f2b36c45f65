using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>
/// All that the engine knows of one field type. Adding a type means adding one class here (listed in <see cref="FieldTypeRegistry"/>)
/// and one folder of the same name in the user interface.
/// </summary>
public abstract class FieldType
{
    /// <summary>Name of the type in metadata, e.g. <c>money</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the main value is to formulas, filters and aggregates.</summary>
    public abstract ValueKind Kind { get; }

    /// <summary>Names (as in JSON) of the settings that this type takes beyond <see cref="CommonSettings.All"/>.</summary>
    public virtual ImmutableArray<string> Settings => [];

    /// <summary>Names of those common settings that make no sense for this type.</summary>
    public virtual ImmutableArray<string> Refuses => [];

    /// <summary>Whether a field of this type may have the setting.</summary>
    /// <param name="setting">Name of the setting as in JSON, e.g. <c>maxLength</c>.</param>
    public bool Accepts(string setting) => Settings.Contains(setting) || (CommonSettings.All.Contains(setting) && !Refuses.Contains(setting));

    /// <summary>What the main value of one field is: <see cref="Kind"/>, unless the field's options say more (a choice of whole numbers is a number).</summary>
    /// <param name="field">A field of this type.</param>
    public virtual ValueKind KindOf(Field field) => Kind;

    /// <summary>Stored columns, main value first; empty for fields that are stored elsewhere (children, links).</summary>
    /// <param name="field">The field, as written (after extensions).</param>
    /// <param name="options">Its resolved options; empty for types without.</param>
    public abstract ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options);

    /// <summary>Every value of the field fits into an entry of an index.</summary>
    /// <param name="field">A field of this type.</param>
    public virtual bool FitsIndex(Source.Field field) => true;

    /// <summary>Which parts of its values can be shown to people who may not see the whole (<see cref="Source.FieldAccess.Mask"/>); empty where they have no parts.</summary>
    public virtual ImmutableArray<string> Masks => [];

    /// <summary>Checks the values of the type's own settings. References to other entities and fields are checked elsewhere.</summary>
    public virtual IEnumerable<SettingProblem> CheckSettings(Source.Field field) => [];

    /// <summary>
    /// Turns an API or metadata value into the value of one column.
    /// </summary>
    /// <param name="json">The value; never null or undefined (the caller stores null itself).</param>
    /// <param name="field">The field.</param>
    /// <param name="column">Which of its columns.</param>
    /// <returns>A value of the column's CLR type, or what is wrong with it.</returns>
    public abstract ReadResult Read(JsonElement json, Field field, Column column);
}

/// <summary>A wrong setting of a field.</summary>
/// <param name="Setting">Name of the setting as in JSON, e.g. <c>maxLength</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What would be right.</param>
public sealed record SettingProblem(string Setting, string Message, string Remedy);

/// <summary>A value that was read, or the reason why it was not.</summary>
/// <param name="Value">The value; null where there is an error or the text was empty.</param>
/// <param name="Code">Stable error code such as <c>too_long</c>; null where the value is good.</param>
/// <param name="Message">The error for people; null where the value is good.</param>
public readonly record struct ReadResult(object? Value, string? Code = null, string? Message = null)
{
    /// <summary>True where the value is good.</summary>
    public bool Ok => Code is null;

    /// <summary>A refused value.</summary>
    public static ReadResult Error(string code, string message) => new(null, code, message);
}

/// <summary>A field type whose columns depend on one another: it fills computed parts, such as a full name.</summary>
public interface ICompositeField
{
    /// <summary>Fills the computed columns after a write has set others.</summary>
    /// <param name="field">The field.</param>
    /// <param name="values">Values of the whole record by column name; changed in place.</param>
    void Complete(Field field, IDictionary<string, object?> values);
}
