using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Merging;

namespace Xrm.Metadata.Checking;

/// <summary>What a check looks at.</summary>
/// <param name="Draft">The packages as merged, mistakes included.</param>
/// <param name="Model">What could be built from them: that which does not resolve is missing.</param>
/// <param name="Types">The field types that packages may use.</param>
internal sealed record Merged(Draft Draft, Model Model, FieldTypeRegistry Types)
{
    /// <summary>Fields that packages wrote, generated ones left out.</summary>
    public IEnumerable<(DraftEntity Entity, DraftField Field)> Fields =>
        Draft.Entities.Where(entity => !entity.IsGeneratedLink).SelectMany(entity => entity.Fields.Where(each => each.InverseOf is null).Select(each => (entity, each)));
}
