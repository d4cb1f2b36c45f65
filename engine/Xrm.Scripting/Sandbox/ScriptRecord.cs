using System.Collections.Immutable;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Scripting.Sandbox;

/// <summary>A record as scripts see it, and what they made of it.</summary>
internal sealed class ScriptRecord
{
    private readonly Entity _entity;
    private readonly ScriptValues _values;
    private readonly List<(string Name, Column Column, JsValue Given)> _given = [];

    public ScriptRecord(Entity entity, IReadOnlyDictionary<string, object?> values, Engine engine, ScriptValues convert)
    {
        (_entity, _values) = (entity, convert);
        Object = engine.Object.Construct([]);
        foreach (var field in entity.Fields)
            foreach (var column in field.Columns)
            {
                if (!values.TryGetValue(column.Name, out var value)) continue;
                var name = Name(field, column);
                var converted = convert.ToScript(value, column.Type);
                Object.FastAddProperty(name, converted, true, true, true);
                // A list or object could be changed in place: what was given is kept as a second one.
                _given.Add((name, column, converted.IsObject() ? convert.ToScript(value, column.Type) : converted));
            }
    }

    /// <summary>The object of the script.</summary>
    public ObjectInstance Object { get; }

    /// <summary>The main value has the field's name, other parts the column's: <c>account</c>, <c>value</c>, <c>value_currency</c>.</summary>
    public static string Name(Field field, Column column) => column.Part.Length == 0 ? field.Name : column.Name;

    /// <summary>The values that the script has changed, by column.</summary>
    /// <exception cref="WrongChangeException">One that cannot be stored, or must not be changed; the message names it.</exception>
    public ImmutableDictionary<string, object?> Changes()
    {
        var changes = ImmutableDictionary<string, object?>.Empty;
        foreach (var (name, column, given) in _given)
        {
            var left = Object.Get(name);
            if (left.IsUndefined() ? given.IsNull() : _values.Same(given, left)) continue;
            changes = changes.SetItem(column.Name, Converted(name, column, left));
        }
        var place = 0;
        foreach (var (name, property) in Object.GetOwnProperties())
        {
            // They come in the order in which they were added, as long as the script has taken none away.
            if (place < _given.Count && _given[place].Name == name)
            {
                place++;
                continue;
            }
            if (_given.Exists(each => each.Name == name)) continue;
            if (_entity.FindColumn(name) is not { } found) throw new WrongChangeException(name, $"record.{name}: {_entity.Name} has no such field.{Near(name)}");
            changes = changes.SetItem(name, Converted(name, found.Column, property.Value ?? JsValue.Undefined));
        }
        foreach (var name in changes.Keys)
            if (_entity.FindColumn(name) is { } found && (found.Field.IsComputed || found.Column.Computed)) throw new WrongChangeException(Name(found.Field, found.Column), $"record.{found.Field.Name} is computed and cannot be set by a rule.");
        return changes;
    }

    private string Near(string name) => Metadata.Names.Nearest(name, _entity.Fields.Select(field => field.Name)) is { } near ? $" Did you mean {near}?" : "";

    private object? Converted(string name, Column column, JsValue value)
    {
        try
        {
            return _values.FromScript(value, column);
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            throw new WrongChangeException(name, $"record.{name} must be {(wrong is FormatException ? wrong.Message : "a smaller number")}.", wrong);
        }
    }
}

/// <summary>A script has set a value that its record cannot take.</summary>
/// <param name="property">What the script calls the value.</param>
/// <param name="message">What is wrong, for the author.</param>
/// <param name="inner">The cause.</param>
internal sealed class WrongChangeException(string property, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the script calls the value.</summary>
    public string Property => property;
}
