using System.IO.Compression;
using System.Text.Json;
using static Xrm.Server.Tests.Organisations.TwoOrganisations;

namespace Xrm.Server.Tests.Organisations;

public sealed class ExportTests
{
    [Fact]
    public async Task An_export_has_all_of_one_organisation_and_nothing_of_another()
    {
        await using var app = await ServeAsync();
        await app.AddMemberAsync("jo", "acme");
        var (root, jo, home) = (await app.EnterAsync("root", "acme"), await app.EnterAsync("jo", "acme"), await app.EnterAsync("root", "main"));
        await home.CreateAsync("notes", """{ "title": "of main" }""");
        var note = await root.CreateAsync("notes", """{ "title": "back\\slash and \"quote\"" }""");
        using var file = new StringContent("what was uploaded");
        var uploaded = (await root.Http.PostAsync("/api/files?name=a.txt", file)).Headers.Location!.OriginalString.Split('/')[^1];
        Assert.Equal(403, (await jo.GetAsync($"{Url}/export")).Status);
        Assert.Equal(200, (await home.PostAsync($"{Url}/acme/suspend", "{}")).Status);

        // Before it is deleted, somebody takes it along.
        using var archive = new ZipArchive(new MemoryStream(await root.Http.GetByteArrayAsync($"{Url}/export")), ZipArchiveMode.Read);
        var row = JsonDocument.Parse(Text(archive, "records/notes.jsonl")).RootElement;
        Assert.Equal((note, "back\\slash and \"quote\""), (row.GetProperty("id").GetString(), row.GetProperty("title").GetString()));
        Assert.Equal("what was uploaded", Text(archive, $"files/{uploaded}"));
        Assert.NotNull(archive.GetEntry("packages/desk/manifest.json"));
        var manifest = JsonDocument.Parse(Text(archive, "manifest.json")).RootElement;
        Assert.Equal(("acme", 1, 1), (manifest.GetProperty("organisation").GetString(), manifest.GetProperty("rows").GetProperty("notes").GetInt32(), manifest.GetProperty("files").GetInt32()));
        Assert.DoesNotContain(archive.Entries, entry => entry.FullName.StartsWith("records/_", StringComparison.Ordinal));
    }

    private static string Text(ZipArchive archive, string path)
    {
        using var reader = new StreamReader(archive.GetEntry(path)!.Open());
        return reader.ReadToEnd();
    }
}
