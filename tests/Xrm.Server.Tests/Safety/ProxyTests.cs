using Xrm.Server.Commands;
using Xrm.Server.Tests.Queries;

namespace Xrm.Server.Tests.Safety;

/// <summary>What proxies say of how clients have reached them, and what others say of that.</summary>
public sealed class ProxyTests
{
    private static readonly (string, string)[] Forwarded = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "crm.example.com"), ("X-Forwarded-Prefix", "/crm"), ("X-Forwarded-For", "203.0.113.7")];

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.5, 127.0.0.0/8 ,::1")]
    public async Task Links_lead_to_where_clients_have_asked(string proxies)
    {
        await using var server = await StartAsync(proxies);
        var client = await server.ClientAsync();
        var created = await client.SendAsync(HttpMethod.Post, "/api/data/topics", """{ "name": "Law" }""", headers: Forwarded);
        Assert.Equal((201, $"https://crm.example.com/crm/api/data/topics/{created["id"]}"), (created.Status, created.Message.Headers.Location!.ToString()));
        await client.CreateAsync("topics", """{ "name": "Money" }""");
        var list = await client.SendAsync(HttpMethod.Get, "/api/data/topics?$select=name", null, prefer: "odata.maxpagesize=1", headers: Forwarded);
        Assert.Equal("https://crm.example.com/crm/api/data/$metadata#topics(id,name)", list["@odata.context"]);
        var next = list["@odata.nextLink"]!;
        Assert.StartsWith("https://crm.example.com/crm/api/data/topics?", next, StringComparison.Ordinal);
        Assert.Equal("https://crm.example.com/crm/api/data/$metadata", (await client.SendAsync(HttpMethod.Get, "/api/data", null, headers: Forwarded))["@odata.context"]);
        // The proxy takes its prefix away, and what follows is there.
        var second = await client.SendAsync(HttpMethod.Get, next["https://crm.example.com/crm".Length..], null, headers: Forwarded);
        Assert.Equal((200, 1, false), (second.Status, second.Json.GetProperty("value").GetArrayLength(), second.Json.TryGetProperty("@odata.nextLink", out _)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.0.0.5,192.168.0.0/16")]
    public async Task Nobody_else_is_believed(string? proxies)
    {
        await using var server = await StartAsync(proxies);
        var client = await server.ClientAsync();
        var answer = await client.SendAsync(HttpMethod.Get, "/api/data/topics", null, headers: Forwarded);
        Assert.Equal($"{client.Http.BaseAddress}api/data/$metadata#topics", answer["@odata.context"]);
    }

    [Theory]
    [InlineData("proxy.example.com", "XRM_PROXIES has 'proxy.example.com', which is neither an address such as 10.0.0.5 nor a network such as 10.0.0.0/8.")]
    [InlineData("10.0.0.5,10.0.0.0/40", "XRM_PROXIES has '10.0.0.0/40', which is neither an address such as 10.0.0.5 nor a network such as 10.0.0.0/8.")]
    public async Task What_is_no_address_ends_the_start(string proxies, string message) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<CommandFailedException>(() => StartAsync(proxies))).Message);

    private static Task<TestApplication> StartAsync(string? proxies) =>
        TestApplication.StartAsync(new TestSettings { Environment = new Dictionary<string, string?> { ["XRM_PROXIES"] = proxies } }, "queries", QueryModel.Files);
}
