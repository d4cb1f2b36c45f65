using Xrm.Formulas.Tests.Vectors;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;

namespace Xrm.Formulas.Tests;

public sealed class DeliveredPackagesTests
{
    [Fact]
    public async Task Formulas_of_the_delivered_packages_have_no_problems()
    {
        var packages = new List<Metadata.Source.Package>();
        foreach (var folder in Directory.EnumerateDirectories(Sample.PathTo("../../../metadata/packages")))
        {
            var (package, problems) = PackageReader.Parse(await PackageReader.ReadAsync(folder, CancellationToken.None));
            Assert.Empty(problems);
            packages.Add(package!);
        }
        var (model, _) = new ModelCompiler(FieldTypeRegistry.Default).Compile(packages);
        var found = new List<Problem>();

        FormulaSet.Bind(model!, found);

        Assert.Empty(found);
    }
}
