using System.Net.Http.Headers;

namespace Xrm.Server.Tests.Safety;

/// <summary>Requests are not unpacked: nothing that is small on its way becomes large here.</summary>
public sealed class CompressedRequestTests(DeskServer desk) : IClassFixture<DeskServer>
{
    private const int Unpacked = 64 * 1024 * 1024;

    [Theory]
    [InlineData("/api/data/notes")]
    [InlineData("/api/data/$batch")]
    [InlineData("/api/metadata/publish")]
    [InlineData("/api/auth/sign-in")]
    public async Task A_packed_body_is_refused_as_it_is(string path)
    {
        foreach (var encoding in new[] { "gzip", "br", "deflate" })
        {
            using var content = Content(Packed.Spaces(Unpacked, """{ "title": "unpacked" }"""u8), "application/json", encoding);
            var answer = await desk.Admin.Http.PostAsync(path, content);
            Assert.InRange((int)answer.StatusCode, 400, 415);
        }
        Assert.Equal("0", (await desk.Admin.GetAsync("/api/data/notes?$count=true&$filter=title eq 'unpacked'"))["@odata.count"]);
    }

    [Fact]
    public async Task A_packed_file_is_kept_as_it_is()
    {
        var packed = Packed.Spaces(Unpacked);
        using var content = Content(packed, "application/gzip", "gzip");
        var answer = await desk.Admin.Http.PostAsync("/api/files?name=a.gz", content);
        Assert.Equal(201, (int)answer.StatusCode);
        var file = await desk.Admin.Http.GetAsync(answer.Headers.Location);
        Assert.Equal(packed, await file.Content.ReadAsByteArrayAsync());
        Assert.Empty(file.Content.Headers.ContentEncoding);
    }

    private static ByteArrayContent Content(byte[] bytes, string type, string encoding)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        content.Headers.ContentEncoding.Add(encoding);
        return content;
    }
}
