namespace Xrm.Server.Tests.Metadata;

public sealed class ScreenContractTests
{
    [Fact]
    public async Task Types_of_the_screens_are_those_of_the_answer()
    {
        var path = Path.Combine(RepositoryRoot(), "designer", "src", "api", "model.ts");
        var expected = ScreenContract.TypeScript();
        if (Environment.GetEnvironmentVariable("XRM_UPDATE_SNAPSHOTS") == "1") await File.WriteAllTextAsync(path, expected);
        Assert.True(await File.ReadAllTextAsync(path) == expected, $"{path} is not what the code makes. Run XRM_UPDATE_SNAPSHOTS=1 dotnet test tests/Xrm.Server.Tests --filter ScreenContract, and commit the file.");
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Xrm.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("Run the tests inside the repository.");
        return folder.FullName;
    }
}
