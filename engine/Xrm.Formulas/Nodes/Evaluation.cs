using System.Collections.Immutable;
using Xrm.Metadata.Compiled;

namespace Xrm.Formulas.Nodes;

/// <summary>One evaluation: the record, and where in it the formula stands.</summary>
/// <param name="Scope">The record.</param>
/// <param name="Formulas">The formulas of the model: fields that are not stored are computed from theirs.</param>
/// <param name="Prefix">Lookups from the record to the one that the formula is about; empty for the record itself.</param>
internal sealed record Evaluation(IFormulaScope Scope, FormulaSet Formulas, ImmutableArray<Field> Prefix);
