using System.Collections.Immutable;
using Xrm.Data.Errors;
using Xrm.Formulas;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Data.Publishing;

/// <summary>Makes a model from the stored packages.</summary>
public sealed class ModelLoader(PackageStore packages, ModelCompiler compiler)
{
    /// <summary>The published model, or null where its version is the known one.</summary>
    /// <exception cref="XrmException">500: the stored packages do not compile, because a newer engine wrote them or they were changed by hand.</exception>
    public async Task<PublishedModel?> LoadAsync(long knownVersion, CancellationToken ct)
    {
        if (await packages.VersionAsync(ct) == knownVersion) return null;
        var (version, files) = await packages.ReadAsync(ct);
        var (model, formulas, problems) = Compile(files, await packages.BuildInForceAsync(ct) == PackageStore.EngineBuild);
        if (model is null || formulas is null)
            throw new XrmException("model_broken", 500, $"The published model (version {version}) cannot be used: {problems[0]}");
        return new PublishedModel(model, formulas, version);
    }

    /// <summary>Reads, compiles and binds packages.</summary>
    /// <param name="files">The packages.</param>
    /// <param name="areChecked">This build of the engine has published them as they are.</param>
    /// <returns>
    /// The model with its formulas and no problems; or every problem found and no formulas, and then the model, if there is one, only serves further checks.
    /// </returns>
    public (Model? Model, FormulaSet? Formulas, ImmutableArray<Problem> Problems) Compile(IEnumerable<PackageFiles> files, bool areChecked = false)
    {
        var problems = new List<Problem>();
        var read = new List<Package>();
        foreach (var folder in files)
        {
            var (package, unread) = areChecked ? PackageReader.ParseChecked(folder) : PackageReader.Parse(folder);
            if (package is null) problems.AddRange(unread);
            else read.Add(package);
        }
        Model? model = null;
        FormulaSet? formulas = null;
        var (_, compiled) = compiler.Compile(read, built =>
        {
            var mistakes = new List<Problem>();
            model = built;
            formulas = FormulaSet.Bind(built, mistakes);
            return mistakes;
        });
        problems.AddRange(compiled);
        return (model, problems.Count == 0 ? formulas : null, [.. problems]);
    }
}
