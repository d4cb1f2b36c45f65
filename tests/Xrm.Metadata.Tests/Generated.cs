namespace Xrm.Metadata.Tests;

/// <summary>
/// Files of the repository that are made from the code. A test compares each with what the code would make now; with the
/// environment variable <c>XRM_UPDATE_SNAPSHOTS=1</c> it writes the file instead.
/// </summary>
internal static class Generated
{
    public static async Task AssertCurrentAsync(string path, string expected)
    {
        if (Environment.GetEnvironmentVariable("XRM_UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, expected);
            return;
        }
        var actual = File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
        Assert.True(actual == expected, $"{path} is not what the code makes. Run XRM_UPDATE_SNAPSHOTS=1 dotnet test tests/Xrm.Metadata.Tests, build again, and commit the file.");
    }
}
