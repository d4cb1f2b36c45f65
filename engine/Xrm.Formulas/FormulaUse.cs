namespace Xrm.Formulas;

/// <summary>Where a formula stands, which decides what it may ask and what it must give.</summary>
public enum FormulaUse
{
    /// <summary>Must be true or false for a record at hand: required, readonly, visible, validations, transitions, workflows.</summary>
    Condition,

    /// <summary>Must be true or false in queries: view filters, lookup filters, what a rollup counts. Cannot ask isNew() or changed().</summary>
    Filter,

    /// <summary>The value of a computed field, in records and in queries. Cannot ask isNew() or changed().</summary>
    Computed,

    /// <summary>Any value over a record at hand: defaults, values that workflows set.</summary>
    Value,
}
