using System.Net;
using System.Text;
using System.Text.Json;
using Xrm.Server.Tests.Identity;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Safety;

/// <summary>Whatever somebody uploads: it is never a page, never a script, and never more than the server can hold.</summary>
public sealed class UploadTests(DeskServer desk) : IClassFixture<DeskServer>
{
    private const string Png = "\u0089PNG\r\n\u001a\n";
    private const string Script = "<script>alert(1)</script>";

    [Theory]
    [InlineData("image/png", "<html>" + Script)]
    [InlineData("image/png", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [InlineData("image/png", "alert(1)")]
    [InlineData("image/png", "")]
    [InlineData("IMAGE/PNG", "<html>")]
    [InlineData("image/png; charset=utf-7", "<html>")]
    [InlineData("image/jpeg", Png)]
    [InlineData("image/gif", "<html>GIF89a")]
    [InlineData("image/webp", "<html>")]
    [InlineData("application/pdf", "<html>%PDF-1.7")]
    [InlineData("application/zip", "<html>")]
    public async Task What_is_not_what_it_says_is_refused(string type, string content)
    {
        var answer = await UploadAsync(type, Encoding.Latin1.GetBytes(content));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("file_type_mismatch", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("text/html", "harmless")]
    [InlineData("image/svg+xml", "<svg/>")]
    [InlineData("application/xhtml+xml", "x")]
    [InlineData("text/javascript", "alert(1)")]
    [InlineData("text/xml", "<?xml version='1.0'?>")]
    [InlineData("text/plain", "<!DOCTYPE HTML><p>")]
    [InlineData("text/plain", " \n <html>")]
    [InlineData("image/bmp", "<svg onload='alert(1)'/>")]
    [InlineData("text/plain", "\u00EF\u00BB\u00BF" + Script)]
    [InlineData("text/plain", "\u00FF\u00FE<\0h\0t\0m\0l\0>\0")]
    [InlineData("text/plain", "<!-- x --><html>")]
    [InlineData("text/plain", "MZ\u0090")]
    [InlineData("text/plain", "#!/bin/sh")]
    [InlineData("", "<html>")]
    [InlineData("no type at all", "x")]
    public async Task What_a_browser_or_a_machine_would_run_has_no_type(string type, string content) =>
        Assert.Equal("application/octet-stream", await ServedAsync(type, Encoding.Latin1.GetBytes(content)));

    [Theory]
    [InlineData("image/png", Png + Script, "image/png")]
    [InlineData("application/pdf", "%PDF-1.7 " + Script, "application/pdf")]
    [InlineData("text/plain", "a <b> c", "text/plain")]
    public async Task What_is_two_things_at_once_is_handed_on_as_a_file_alone(string type, string content, string served) =>
        Assert.Equal(served, await ServedAsync(type, Encoding.Latin1.GetBytes(content)));

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("..\\..\\windows\\win.ini", "win.ini")]
    [InlineData("/", "file")]
    [InlineData("..", "file")]
    [InlineData("a\r\nSet-Cookie: x=y", "aSet-Cookie x=y")]
    [InlineData("a\0.html", "a.html")]
    [InlineData("a\";filename=b.html", "a;filename=b.html")]
    public async Task Names_are_neither_paths_nor_headers(string written, string kept)
    {
        var answer = await UploadAsync("text/plain", "x"u8.ToArray(), written);
        var id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString();
        var file = await desk.Admin.Http.GetAsync($"/api/files/{id}");
        Assert.Equal(kept, file.Content.Headers.ContentDisposition!.FileNameStar ?? file.Content.Headers.ContentDisposition.FileName!.Trim('"'));
        Assert.False(file.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_person_has_four_uploads_under_way_at_most_and_others_are_not_held_up()
    {
        var admin = desk.Admin;
        // The server asks for the body when it has given the upload its place.
        using var patient = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(10) }) { BaseAddress = admin.Http.BaseAddress, Timeout = Timeout.InfiniteTimeSpan };
        patient.DefaultRequestHeaders.Authorization = admin.Http.DefaultRequestHeaders.Authorization;
        var held = Enumerable.Range(0, 4).Select(_ => new HeldContent()).ToList();
        var under = held.Select(content => patient.SendAsync(Request(content))).ToList();
        foreach (var content in held) await content.Wanted;
        var fifth = await UploadAsync("text/plain", "x"u8.ToArray());
        Assert.Equal(HttpStatusCode.TooManyRequests, fifth.StatusCode);
        Assert.Contains("too_many_at_once", await fifth.Content.ReadAsStringAsync());
        Assert.NotNull(fifth.Headers.RetryAfter);
        using var other = new ByteArrayContent("x"u8.ToArray());
        Assert.Equal(HttpStatusCode.Created, (await (await desk.App.ClientAsync()).Http.PostAsync("/api/files?name=a.txt", other)).StatusCode);
        foreach (var content in held) content.Release();
        foreach (var upload in under) Assert.Equal(HttpStatusCode.Created, (await upload).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await UploadAsync("text/plain", "x"u8.ToArray())).StatusCode);

        static HttpRequestMessage Request(HttpContent content)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/files?name=held.txt") { Content = content };
            request.Headers.ExpectContinue = true;
            return request;
        }
    }

    [Theory]
    [InlineData("XRM_WAITING_UPLOADS_FILES", "2", 10, "2 files")]
    [InlineData("XRM_WAITING_UPLOADS_MB", "1", 500_000, "1 MiB")]
    public async Task What_no_record_holds_has_a_limit_for_each_person_and_goes_on_when_a_record_does(string name, string most, int size, string told)
    {
        var package = new PackageBuilder("drawer").File("entities/paper.json", """{ "name": "paper", "plural": "papers", "primary": "title", "fields": [ { "name": "title", "type": "text" }, { "name": "scan", "type": "file" } ] }""").Files();
        await using var app = await TestApplication.StartAsync(new TestSettings { Environment = new Dictionary<string, string?> { [name] = most } }, "drawer", package);
        var (busy, other) = (await app.ClientAsync(), await app.ClientAsync());
        var first = await SendAsync(busy);
        Assert.Equal(201, first.Status);
        Assert.Equal(201, (await SendAsync(busy)).Status);
        var refused = await SendAsync(busy);
        Assert.Equal((413, "uploads_waiting"), (refused.Status, refused["code"]));
        Assert.Contains(told, refused["detail"], StringComparison.Ordinal);
        Assert.Equal(201, (await SendAsync(other)).Status);
        await busy.CreateAsync("papers", $$"""{ "title": "a", "scan": "{{first["id"]}}" }""");
        Assert.Equal(201, (await SendAsync(busy)).Status);
        Assert.Equal(413, (await SendAsync(busy)).Status);

        Task<Answer> SendAsync(TestClient client) => client.SendAsync(HttpMethod.Post, "/api/files?name=a.txt", new string('x', size));
    }

    /// <summary>Uploads, and fetches again.</summary>
    /// <returns>The type under which it comes back.</returns>
    private async Task<string> ServedAsync(string type, byte[] content)
    {
        var answer = await UploadAsync(type, content);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var file = await desk.Admin.Http.GetAsync(answer.Headers.Location);
        Assert.Equal(content, await file.Content.ReadAsByteArrayAsync());
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("sandbox; default-src 'none'", file.Headers.GetValues("Content-Security-Policy").Single());
        return file.Content.Headers.ContentType!.ToString();
    }

    private async Task<HttpResponseMessage> UploadAsync(string type, byte[] bytes, string name = "a.png")
    {
        using var content = new ByteArrayContent(bytes);
        if (type.Length > 0) content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await desk.Admin.Http.PostAsync($"/api/files?name={Uri.EscapeDataString(name)}", content);
    }

    /// <summary>A body that is sent when the test says so.</summary>
    private sealed class HeldContent : HttpContent
    {
        private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends when somebody asks for the body.</summary>
        public Task Wanted => _wanted.Task;

        public void Release() => _released.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _wanted.TrySetResult();
            await _released.Task;
            await stream.WriteAsync("x"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 1;
            return true;
        }
    }
}

/// <summary>A server with the package of <see cref="People"/>, and a page whose folder lies beside what nobody may fetch.</summary>
public sealed class DeskServer : IAsyncLifetime
{
    /// <summary>What stands in files that nobody may fetch.</summary>
    public const string Marker = "Outside-of-the-page-5120";

    /// <summary>The installation's folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("xrm-desk").FullName;

    public TestApplication App { get; private set; } = null!;

    public TestClient Admin { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var page = Path.Combine(Folder, "designer", "dist", "assets");
        Directory.CreateDirectory(page);
        await File.WriteAllTextAsync(Path.Combine(page, "..", "index.html"), "<!doctype html><title>Page</title>");
        await File.WriteAllTextAsync(Path.Combine(page, "app.js"), "void 0;");
        foreach (var folder in new[] { Folder, Path.Combine(Folder, "designer") })
            foreach (var name in new[] { "outside.txt", "outside.js" }) await File.WriteAllTextAsync(Path.Combine(folder, name), Marker);
        App = await TestApplication.StartAsync(new TestSettings { Folder = Folder }, "desk", People.Package());
        Admin = await App.ClientAsync();
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
