using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Uses;

/// <summary>All that packages name outside of formulas and scripts.</summary>
public static class PackageReferences
{
    /// <summary>Walks through the files.</summary>
    /// <param name="model">The model that the packages make.</param>
    /// <param name="packages">The packages, with starter rows and tests where these are wanted.</param>
    public static IReadOnlyList<Reference> Of(Model model, IEnumerable<Package> packages)
    {
        var list = new ReferenceList(model);
        foreach (var package in packages)
        {
            ContentReferences.AddTo(list, package);
            foreach (var file in package.Entities) EntityReferences.AddTo(list, file);
            foreach (var file in package.Extensions) EntityReferences.AddTo(list, file);
            foreach (var file in package.Views) ApplicationReferences.AddTo(list, file);
            foreach (var file in package.Forms) ApplicationReferences.AddTo(list, file);
            foreach (var file in package.Apps) ApplicationReferences.AddTo(list, file);
            foreach (var file in package.Roles) ApplicationReferences.AddTo(list, file);
            foreach (var file in package.Workflows) ApplicationReferences.AddTo(list, file);
            foreach (var file in package.Actions) ApplicationReferences.AddTo(list, file);
            foreach (var file in package.Schedules) list.Add(Element.OfScript(file.Value.Script), file.At("$.script"));
            foreach (var file in package.Translations) ContentReferences.AddTo(list, file);
            foreach (var file in package.Data) ContentReferences.AddTo(list, file);
            foreach (var file in package.Tests) ContentReferences.AddTo(list, file);
        }
        return list.Found;
    }
}
