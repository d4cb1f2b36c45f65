using Xrm.Formulas;
using Xrm.Metadata.Compiled;

namespace Xrm.Data;

/// <summary>A model in force, with its formulas. A request takes one and keeps it to its end.</summary>
/// <param name="Model">The compiled model.</param>
/// <param name="Formulas">Its formulas, bound to it.</param>
/// <param name="Version">Number of the publish; grows by each.</param>
public sealed record PublishedModel(Model Model, FormulaSet Formulas, long Version);
