using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;

namespace Xrm.Metadata.Tests.Compiled;

public sealed class PackagesTests
{
    [Fact]
    public async Task Delivered_packages_compile_together()
    {
        var packages = new List<Metadata.Source.Package>();
        foreach (var folder in Directory.EnumerateDirectories(Repository.PathTo("metadata", "packages")))
            if (PackageReader.Parse(await PackageReader.ReadAsync(folder, CancellationToken.None)).Package is { } package) packages.Add(package);

        var (model, problems) = new ModelCompiler(FieldTypeRegistry.Default).Compile(packages);

        Assert.True(problems.IsEmpty, string.Join('\n', problems));
        Assert.NotNull(model);
    }
}
