using System.Collections.Frozen;
using Xrm.Data.Access;
using Xrm.Data.Publishing;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Publishing;

public sealed class DeliveredPackagesTests(TestDatabase test) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Delivered_packages_are_published_together_and_a_second_plan_is_empty()
    {
        var folders = Directory.GetDirectories(Path.Combine(Root(), "metadata", "packages"));
        var packages = await Task.WhenAll(folders.Select(folder => PackageReader.ReadAsync(folder, CancellationToken.None)));
        var store = new PackageStore(test.Database);
        var loader = new ModelLoader(store, new ModelCompiler(FieldTypeRegistry.Default));
        var publisher = new Publisher(test.Database, store, loader, new CurrentModel(loader));
        var request = new PublishRequest(packages, FrozenSet<string>.Empty, null, Caller.System);

        var result = await publisher.PublishAsync(request, [], _ => { }, CancellationToken.None);
        Assert.Empty(result.Plan.Problems.Select(problem => problem.ToString()));
        var again = await publisher.PlanAsync(request, CancellationToken.None);
        Assert.Empty(again.Changes.Select(change => change.Sentence));
        Assert.True(again.IsEmpty);
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Xrm.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}
