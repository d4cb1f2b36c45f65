using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Xrm.Server.Tests.Safety;

/// <summary>No path leads out of the folder of the page, however it is written. Clients tidy such paths up; so they are sent as they are.</summary>
public sealed class PathTests(DeskServer desk) : IClassFixture<DeskServer>
{
    [Fact]
    public async Task The_files_of_the_page_are_there()
    {
        Assert.Equal(200, (await SendAsync("/assets/app.js")).Status);
        Assert.Contains("Page", (await SendAsync("/")).Text);
    }

    [Theory]
    [InlineData("/../outside.txt")]
    [InlineData("/../../outside.txt")]
    [InlineData("/assets/../../outside.txt")]
    [InlineData("/assets/../../../outside.js")]
    [InlineData("/%2e%2e/outside.txt")]
    [InlineData("/%2e%2e%2foutside.txt")]
    [InlineData("/..%2foutside.txt")]
    [InlineData("/..%2f..%2foutside.txt")]
    [InlineData("/%252e%252e%252foutside.txt")]
    [InlineData("/..\\outside.txt")]
    [InlineData("/..\\..\\outside.txt")]
    [InlineData("/..%5coutside.txt")]
    [InlineData("/%2e%2e%5c%2e%2e%5coutside.txt")]
    [InlineData("/assets\\..\\..\\outside.txt")]
    [InlineData("/.../outside.txt")]
    [InlineData("/..;/outside.txt")]
    [InlineData("/%c0%ae%c0%ae/outside.txt")]
    [InlineData("/..%c0%afoutside.txt")]
    [InlineData("/..%00/outside.txt")]
    [InlineData("/../outside.txt%00.js")]
    [InlineData("//outside.txt")]
    [InlineData("/FOLDER/outside.txt")]
    [InlineData("/%2fFOLDER/outside.txt")]
    [InlineData("file:///FOLDER/outside.txt")]
    [InlineData("http://127.0.0.1/..%2foutside.txt")]
    [InlineData("/api/files/../../outside.txt")]
    [InlineData("/api/files/..%2f..%2foutside.txt")]
    [InlineData("/api/files/%2e%2e%5coutside.txt")]
    [InlineData("/api/metadata/packages/..%2f..%2foutside.txt")]
    [InlineData("/administration/..%2f..%2foutside.js")]
    public async Task No_path_leads_out_of_the_page(string path)
    {
        var (status, text) = await SendAsync(path.Replace("FOLDER", desk.Folder.TrimStart('/'), StringComparison.Ordinal));
        Assert.DoesNotContain(DeskServer.Marker, text, StringComparison.Ordinal);
        Assert.InRange(status, 200, 499);
    }

    [Theory]
    [InlineData("../outside.txt")]
    [InlineData("rules/../../outside.txt")]
    [InlineData("rules\\..\\outside.js")]
    [InlineData("/outside.txt")]
    public async Task A_package_has_no_file_outside_of_itself(string path)
    {
        var files = new Dictionary<string, string> { ["manifest.json"] = """{ "formatVersion": 1, "name": "more", "version": "1.0.0" }""", [path] = "x" };
        var answer = await desk.Admin.PostAsync("/api/metadata/publish", System.Text.Json.JsonSerializer.Serialize(new { packages = new[] { new { name = "more", files } } }));
        Assert.Equal(422, answer.Status);
        Assert.Contains("The path leaves the package.", answer.Json.ToString());
    }

    private async Task<(int Status, string Text)> SendAsync(string path)
    {
        var server = desk.Admin.Http.BaseAddress!;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: {desk.Admin.Http.DefaultRequestHeaders.Authorization}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var text = await reader.ReadToEndAsync();
        return (int.Parse(text.Split(' ', 3)[1], System.Globalization.CultureInfo.InvariantCulture), text);
    }
}
