using System.Collections.Frozen;
using System.Text.Json;
using Xrm.Data.Access;
using Xrm.Data.Publishing;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Converting.Cdm;
using Xrm.Metadata.FieldTypes;
using Xrm.TestKit;
using Xunit.Abstractions;

namespace Xrm.Data.Tests.Publishing;

/// <summary>A real model, converted, in a real database; where it lies beside the repository.</summary>
public sealed class ConvertedModelTests(TestDatabase test, ITestOutputHelper output) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Converted_model_is_published_exported_with_the_same_bytes_and_filled_in_the_order_found()
    {
        if (FindShared() is not { } folder)
        {
            output.WriteLine("Not run: there is no folder shared/data/common-data-model beside the repository.");
            return;
        }
        var (files, report) = await CdmConverter.ConvertAsync(folder, new CdmOptions("cdm"), CancellationToken.None);
        var store = new PackageStore(test.Database);
        var loader = new ModelLoader(store, new ModelCompiler(FieldTypeRegistry.Default));
        var current = new CurrentModel(loader);
        var publisher = new Publisher(test.Database, store, loader, current);

        var result = await publisher.PublishAsync(new PublishRequest([files], FrozenSet<string>.Empty, null, Caller.System), [], _ => { }, CancellationToken.None);
        Assert.Empty(result.Plan.Problems.Select(problem => problem.ToString()));
        var again = await publisher.PlanAsync(new PublishRequest([files], FrozenSet<string>.Empty, null, Caller.System), CancellationToken.None);
        Assert.True(again.IsEmpty, string.Join('\n', again.Changes.Select(change => change.Sentence)));
        var (_, exported) = await store.ReadAsync(CancellationToken.None);
        Assert.Equal(files.Hash(), Assert.Single(exported).Hash());
        FillInOrder(current.Value.Model, report.CreationOrder);
    }

    private static void FillInOrder(Model model, IEnumerable<string> order)
    {
        var ids = new Dictionary<string, Guid>();
        foreach (var entity in order.Select(name => model.FindEntity(name)!))
        {
            var record = SampleRecord.RequiredOnly(entity, ids);
            foreach (var (name, value) in record)
            {
                var (field, column) = entity.FindColumn(name)!.Value;
                var read = field.Type.Read(JsonSerializer.SerializeToElement(value), field, column);
                Assert.True(read.Ok, $"{field}: {read.Message}");
            }
            ids[entity.Name] = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
        }
        Assert.Equal(model.Entities.Length, ids.Count);
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
