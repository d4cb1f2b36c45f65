using System.Collections.Immutable;
using Xrm.Metadata.Compiled;

namespace Xrm.Formulas;

/// <summary>What a formula sees when it is evaluated over one record. Values have the CLR types of their column types.</summary>
public interface IFormulaScope
{
    /// <summary>A value of the record, or of a record that it points to.</summary>
    /// <param name="path">The lookups to follow, then the field itself: never empty. It begins at the record, or where its first field is of an entity of settings that the record is not of, at the one record of that. Formulas that are not stored are never asked for; rollups that are not stored are.</param>
    /// <param name="part">Part of a composite field (<see cref="Metadata.FieldTypes.Column.Part"/>); empty for the main value.</param>
    /// <returns>The value; null where it, or a record on the way, is missing.</returns>
    object? Value(ImmutableArray<Field> path, string part);

    /// <summary>The same of the record that holds the lookup; asked for in lookup filters only (<c>record.x</c>).</summary>
    /// <param name="path">As for <see cref="Value"/>, from the entity of the lookup.</param>
    /// <param name="part">As for <see cref="Value"/>.</param>
    /// <returns>The value; null where it is missing.</returns>
    object? Outer(ImmutableArray<Field> path, string part);

    /// <summary>The main value that a field of the record had before the change; null for a new record.</summary>
    /// <param name="field">A field of the record's entity.</param>
    object? Previous(Field field);

    /// <summary>How many records a <c>children</c> or <c>links</c> field has.</summary>
    /// <param name="path">The lookups to follow, then the field: never empty.</param>
    long Count(ImmutableArray<Field> path);

    /// <summary>The record is being created.</summary>
    bool IsNew { get; }

    /// <summary>The person at work.</summary>
    FormulaUser User { get; }

    /// <summary>The moment of evaluation, in UTC.</summary>
    DateTime UtcNow { get; }

    /// <summary>IANA name of the time zone that decides which day an instant belongs to, e.g. <c>Europe/Berlin</c>.</summary>
    string TimeZone { get; }
}
