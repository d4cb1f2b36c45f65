using Xrm.Metadata.Compiled;
using Xrm.Metadata.Converting.Cdm;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;
using Xunit.Abstractions;

namespace Xrm.Metadata.Tests.Converting.Cdm;

/// <summary>Runs on the real model where it lies beside the repository.</summary>
public sealed class SharedModelTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_real_model_becomes_a_package_that_compiles_with_few_losses()
    {
        if (FindShared() is not { } folder)
        {
            output.WriteLine("Not run: there is no folder shared/data/common-data-model beside the repository.");
            return;
        }

        var (files, report) = await CdmConverter.ConvertAsync(folder, new CdmOptions("cdm"), CancellationToken.None);
        output.WriteLine($"{report.Entities} entities, {report.Attributes} attributes, {report.AttributesWithLoss} with loss ({report.LossPercent} %)");
        Assert.Equal(44, report.Entities);
        Assert.True(report.LossPercent < 5, $"{report.LossPercent} % of the attributes have a loss");
        Assert.Equal(report.Attributes, report.Places.Count);

        var (package, problems) = PackageReader.Parse(files);
        output.WriteLine(string.Join(Environment.NewLine, problems));
        Assert.Empty(problems);
        var (model, mistakes) = new ModelCompiler(FieldTypeRegistry.Default).Compile([package!]);
        output.WriteLine(string.Join(Environment.NewLine, mistakes));
        Assert.Empty(mistakes);
        Assert.Equal(44, model!.Entities.Length);
        Assert.All(model.Entities.SelectMany(entity => entity.Fields), field => Assert.Empty(field.Type.CheckSettings(field.Source)));
        Assert.Equal(report.CreationOrder.Order(StringComparer.Ordinal), model.Entities.Select(entity => entity.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_real_model_becomes_the_same_bytes_every_time()
    {
        if (FindShared() is not { } folder) return;
        var first = await CdmConverter.ConvertAsync(folder, new CdmOptions("cdm"), CancellationToken.None);
        var second = await CdmConverter.ConvertAsync(folder, new CdmOptions("cdm"), CancellationToken.None);
        Assert.Equal(first.Files.Hash(), second.Files.Hash());
        Assert.Equal(first.Report.ToJson(), second.Report.ToJson());
    }

    private static string? FindShared()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var shared = Path.Combine(folder.FullName, "shared", "data", "common-data-model");
            if (Directory.Exists(shared)) return shared;
        }
        return null;
    }
}
