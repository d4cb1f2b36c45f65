namespace Xrm.Server.Tests.Queries;

/// <summary>Methods, forms and versions that clients ask for.</summary>
public sealed class ProtocolTests(SpecimenServer server) : IClassFixture<SpecimenServer>
{
    [Theory]
    [InlineData("PUT", "specimens", "DELETE, GET, HEAD, PATCH, POST")]
    [InlineData("PUT", "specimens/00000000-0000-7000-8000-000000000001", "DELETE, GET, HEAD, PATCH")]
    [InlineData("PATCH", "specimens/00000000-0000-7000-8000-000000000001/samples", "GET, HEAD, POST")]
    public async Task A_method_that_a_path_does_not_have_is_refused_with_those_that_it_has(string method, string path, string allowed)
    {
        var answer = await SendAsync(method, path);
        Assert.Equal((405, "method_not_allowed", allowed), (answer.Status, answer["code"], string.Join(", ", answer.Message.Content.Headers.Allow)));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/specimens/new")]
    [InlineData("/administration/rules/form/specimen/specimen.form.js")]
    public async Task What_is_not_the_api_is_a_page_of_the_application(string path)
    {
        var answer = await server.Client.Http.GetAsync(path);
        // Without a built application there is a hint at how to build it.
        Assert.True(answer.Content.Headers.ContentType!.MediaType == "text/html" || (await answer.Content.ReadAsStringAsync()).Contains("\"code\":\"not_built\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_no_page() => Assert.Equal(404, (int)(await server.Client.Http.GetAsync("/assets/gone.js")).StatusCode);

    [Fact]
    public async Task Options_says_what_there_is()
    {
        var answer = await SendAsync("OPTIONS", "specimens");
        Assert.Equal((204, "DELETE, GET, HEAD, PATCH, POST"), (answer.Status, string.Join(", ", answer.Message.Content.Headers.Allow)));
        Assert.Equal((404, "not_found"), ((await SendAsync("OPTIONS", "specimens/a/b/c/d")) is var unknown ? (unknown.Status, unknown["code"]) : default));
    }

    [Theory]
    [InlineData("Accept", "application/xml", 406, "not_acceptable")]
    [InlineData("Accept", "application/atom+xml, application/xml;q=0.9", 406, "not_acceptable")]
    [InlineData("Accept", "application/atomsvc+xml;q=0.8, application/json;odata.metadata=minimal;q=1.0, text/plain;q=0.7", 200, null)]
    [InlineData("Accept", "text/html, application/xhtml+xml, */*;q=0.8", 200, null)]
    [InlineData("OData-MaxVersion", "3.0", 400, "unsupported_version")]
    [InlineData("OData-Version", "2.0", 400, "unsupported_version")]
    [InlineData("OData-MaxVersion", "4.0", 200, null)]
    [InlineData("OData-MaxVersion", "4.01", 200, null)]
    public async Task What_the_client_could_not_read_is_not_sent(string header, string value, int status, string? code)
    {
        foreach (var path in new[] { "specimens?$top=1", $"specimens/{server.Full}", $"specimens/{server.Full}/samples" })
        {
            var answer = await server.Client.SendAsync(HttpMethod.Get, $"/api/data/{path}", null, headers: (header, value));
            Assert.Equal((status, code), (answer.Status, answer["code"]));
        }
        Assert.Equal(200, (await server.Client.SendAsync(HttpMethod.Get, "/api/data/specimens/$count", null, headers: ("Accept", "text/plain"))).Status);
    }

    [Fact]
    public async Task The_service_document_says_as_much_of_itself_as_is_asked_for()
    {
        var (usual, none) = (await server.Client.GetAsync("/api/data"), await server.Client.GetAsync("/api/data?$format=application/json;odata.metadata=none"));
        Assert.Equal("application/json; odata.metadata=minimal; charset=utf-8", usual.Message.Content.Headers.ContentType!.ToString());
        Assert.EndsWith("/api/data/$metadata", usual["@odata.context"]);
        Assert.Equal(("application/json; odata.metadata=none; charset=utf-8", null), (none.Message.Content.Headers.ContentType!.ToString(), none["@odata.context"]));
    }

    private Task<Answer> SendAsync(string method, string path) => server.Client.SendAsync(new HttpMethod(method), $"/api/data/{path}", null);
}
