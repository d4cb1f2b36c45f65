using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas;

/// <summary>Takes a formula as SQL, piece by piece. Knows tables, joins and parameters; formulas know neither.</summary>
public interface IFormulaSql
{
    /// <summary>SQL that is constant: never anything that a person typed.</summary>
    /// <param name="constant">The SQL.</param>
    void Text(string constant);

    /// <summary>A value, as a parameter.</summary>
    /// <param name="value">A value of the CLR type that <paramref name="type"/> says; null must be written with its type.</param>
    /// <param name="type">Type of the parameter.</param>
    void Value(object? value, ColumnType type);

    /// <summary>A value of the record, or of a record that it points to (by a left join).</summary>
    /// <param name="path">The lookups to follow, then the field itself: never empty. It begins as for <see cref="IFormulaScope.Value"/>. Formulas that are not stored are never asked for; rollups that are not stored are.</param>
    /// <param name="part">Part of a composite field; empty for the main value.</param>
    void Column(ImmutableArray<Field> path, string part);

    /// <summary>A value of the record that holds the lookup; asked for in lookup filters only (<c>record.x</c>). Null must be written with its type.</summary>
    /// <param name="path">As for <see cref="Column"/>, from the entity of the lookup.</param>
    /// <param name="part">As for <see cref="Column"/>.</param>
    void Outer(ImmutableArray<Field> path, string part);

    /// <summary>A <c>bigint</c>: how many records a <c>children</c> or <c>links</c> field has; 0 for none.</summary>
    /// <param name="path">The lookups to follow, then the field: never empty.</param>
    void Count(ImmutableArray<Field> path);

    /// <summary>The person for whom the query runs.</summary>
    FormulaUser User { get; }

    /// <summary>The moment of the query, in UTC.</summary>
    DateTime UtcNow { get; }

    /// <summary>IANA name of the time zone that decides which day an instant belongs to.</summary>
    string TimeZone { get; }
}
