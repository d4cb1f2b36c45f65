using System.Collections.Frozen;
using System.Collections.Immutable;
using Xrm.Data.Errors;
using Xrm.Formulas;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;
using Field = Xrm.Metadata.Compiled.Field;

namespace Xrm.Data.Publishing;

/// <summary>Makes a model from the stored packages. Packages that are as they were in the last model are not read anew.</summary>
public sealed class ModelLoader(PackageStore packages, ModelCompiler compiler)
{
    private FrozenDictionary<string, Package> _read = FrozenDictionary<string, Package>.Empty;

    /// <summary>The published model, or null where it is the known one.</summary>
    /// <param name="known">The model in force here; null for none.</param>
    /// <param name="coming">The model of a publish of this process that is about to be committed; null for none.</param>
    /// <param name="ct">Cancels the loading.</param>
    /// <exception cref="XrmException">500: the stored packages do not compile, because a newer engine wrote them or they were changed by hand.</exception>
    public async Task<PublishedModel?> LoadAsync(PublishedModel? known, PublishedModel? coming, CancellationToken ct)
    {
        var (inForce, unfilled) = await packages.VersionAsync(ct);
        if (inForce == known?.Version) return known.Unfilled.Count == unfilled.Length ? null : known.WithUnfilled(Fields(known.Model, unfilled));
        if (inForce == coming?.Version) return coming;
        var (version, files) = await packages.ReadAsync(ct);
        // One more publish in between has other fields to be computed.
        if (version != inForce) return await LoadAsync(known, coming, ct);
        var (model, formulas, problems) = Compile(files, await packages.BuildInForceAsync(ct) == PackageStore.EngineBuild);
        if (model is null || formulas is null)
            throw new XrmException("model_broken", 500, $"The published model (version {version}) cannot be used: {problems[0]}");
        return new PublishedModel(model, formulas, version).WithUnfilled(Fields(model, unfilled));
    }

    private static IEnumerable<Field> Fields(Model model, IEnumerable<string> names) =>
        names.Select(name => name.Split('.')).Select(parts => model.FindEntity(parts[0])?.FindField(parts[1])).OfType<Field>();

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
            var (package, unread) = Read(folder, areChecked);
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
        }, areChecked);
        problems.AddRange(compiled);
        if (problems.Count == 0) Volatile.Write(ref _read, read.ToFrozenDictionary(package => package.Files.Name, StringComparer.Ordinal));
        return (model, problems.Count == 0 ? formulas : null, [.. problems]);
    }

    private (Package? Package, ImmutableArray<Problem> Problems) Read(PackageFiles files, bool areChecked)
    {
        if (!Volatile.Read(ref _read).TryGetValue(files.Name, out var known) || !known.Files.HasSameContent(files))
            return areChecked ? PackageReader.ParseChecked(files, isWhole: false) : PackageReader.Parse(files);
        // What was loaded to run with was found without a mistake once, but lacks what a publish looks at.
        return areChecked || known.IsWhole ? (known, []) : PackageReader.ParseChecked(files, isWhole: true);
    }
}
