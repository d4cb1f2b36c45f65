using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking;

/// <summary>All checks of merged packages, in the order in which their problems are reported.</summary>
internal static class Checks
{
    /// <param name="draft">The packages as merged, mistakes included.</param>
    /// <param name="model">What could be built from them: that which does not resolve is missing.</param>
    /// <param name="types">The field types that packages may use.</param>
    public static IEnumerable<Problem> All(Draft draft, Model model, FieldTypeRegistry types) => [];
}
