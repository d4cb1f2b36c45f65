using System.Text.Json;

namespace Xrm.Server.Tests.Safety;

/// <summary>What clients write never becomes part of a statement: not as a value, not as a name, wherever it stands.</summary>
public sealed class InjectionTests(ReadServer server) : IClassFixture<ReadServer>
{
    /// <summary>Stands in everything that is sent, and must stand in no statement.</summary>
    private const string Mark = "zq9xq";

    private static readonly string[] Attacks =
    [
        $"'; drop table {Mark}; --", $"{Mark}' or '1'='1", $"{Mark}\" or 1=1 --", $"'||(select {Mark})||'", $"{Mark}\\'; select 1; --", $"') union select {Mark} from xrm.users --",
        $"$${Mark}$$", $"{Mark}/**/or/**/1=1", $"{Mark};select pg_sleep(10)", $"E'\\x27{Mark}", $"\u02bc or {Mark} --", $"\uff07 or {Mark} --", $"{Mark}%' escape '\\", $"\"; delete from \"{Mark}", $"{{{Mark}}}", $"{Mark}\n--", $"@{Mark}", $":{Mark}", $"?{Mark}", $"$1 {Mark}",
        $"1 {Mark}", $"{Mark}::text", $"{Mark}()", $"count(*) {Mark}", $"org_main.{Mark}", $"({Mark})", $"${{{Mark}}}", $"{Mark}\u0000x", $"lines/{Mark}", $"#{Mark}",
    ];

    private static readonly string[] Urls =
    [
        "accounts?$filter={0}", "accounts?$filter=name eq '{1}'", "accounts?$filter=contains(name,'{1}')", "accounts?$filter=startswith(name,'{1}')", "accounts?$filter=name in ('{1}','x')", "accounts?$filter=matchesPattern(name,'{1}')",
        "accounts?$filter={0} eq 1", "accounts?$filter=name eq @p&@p='{1}'", "accounts?$filter=name eq @p&@p={0}", "accounts?$filter=case(name eq '{1}':'{1}',true:'x') eq 'x'", "accounts?$filter=cast(score,{0}) eq 1", "accounts?$filter=contracts/any({0}: true)",
        "contracts?$filter=labels has '{1}'", "contracts?$filter=labels/any(l: l eq '{1}')", "contracts?$filter=signed_at gt {0}", "contracts?$filter=signed_at add duration'{1}' gt now()",
        "accounts?$orderby={0}", "accounts?$orderby=name {0}", "accounts?$orderby=concat(name,'{1}')", "accounts?$select={0}", "accounts?$expand={0}", "accounts?$expand=contracts($filter=title eq '{1}')", "accounts?$expand=contracts($orderby={0})",
        "accounts?$expand=contracts($compute=months add 1 as {0})", "accounts?$search={0}", "accounts?$search=\"{0}\"", "accounts?$compute=score mul 2 as {0}", "accounts?$compute='{1}' as x&$filter=x eq 'y'", "accounts?$compute={0} as x",
        "accounts?$apply=groupby(({0}))", "accounts?$apply=aggregate(score with sum as {0})", "accounts?$apply=aggregate(score with {0} as x)", "accounts?$apply=filter(name eq '{1}')/aggregate($count as n)", "accounts?$apply=groupby((name))/topcount(1,{0})",
        "accounts?view={0}", "accounts?$skiptoken={0}", "accounts?$top={0}", "accounts?$skip={0}", "accounts?$count={0}", "accounts?$format={0}", "accounts?{0}=1", "accounts/$count?$filter=name eq '{1}'", "accounts?$format=csv&$filter=name eq '{1}'",
        "{0}", "accounts/{0}", "accounts({0})", "contracts(number='{1}')", "contracts({0}='x')", "accounts/{2}/{0}", "accounts/{2}/contracts?$filter=title eq '{1}'", "accounts/{2}?$select={0}", "accounts/{2}?$expand={0}",
    ];

    [Fact]
    public async Task Nothing_of_a_URL_becomes_part_of_a_statement()
    {
        using var statements = new SentStatements();
        foreach (var url in Urls)
            foreach (var attack in Attacks)
            {
                var path = string.Format(System.Globalization.CultureInfo.InvariantCulture, url.Replace(" ", "%20", StringComparison.Ordinal), Uri.EscapeDataString(attack), Uri.EscapeDataString(attack.Replace("'", "''", StringComparison.Ordinal)), server.Account);
                Check(await server.Client.GetAsync($"/api/data/{path}"), path);
            }
        Check(statements);
    }

    [Theory]
    [InlineData("If-None-Match")]
    [InlineData("Prefer")]
    [InlineData("Accept")]
    [InlineData("Accept-Language")]
    [InlineData("Idempotency-Key")]
    [InlineData("OData-Version")]
    [InlineData("X-Xrm-Org")]
    [InlineData("Cookie")]
    public async Task Nothing_of_a_header_becomes_part_of_a_statement(string header)
    {
        using var statements = new SentStatements();
        foreach (var attack in Attacks.Where(attack => attack.All(sign => sign is >= ' ' and <= '~')))
        {
            Check(await server.Client.SendAsync(HttpMethod.Get, $"/api/data/accounts/{server.Account}", null, headers: (header, attack)), attack);
            Check(await server.Client.SendAsync(HttpMethod.Post, "/api/data/topics", """{ "name": "x" }""", headers: (header, attack)), attack);
        }
        Check(statements);
    }

    [Fact]
    public async Task Nothing_of_a_body_becomes_part_of_a_statement()
    {
        using var statements = new SentStatements();
        foreach (var attack in Attacks)
        {
            var text = JsonSerializer.Serialize(attack);
            foreach (var body in new[] { $$"""{ "name": {{text}} }""", $$"""{ "name": "x", {{text}}: 1 }""", $$"""{ "name": "x", "industry": {{text}} }""", $$"""{ "name": "x", "score": {{text}} }""", $$"""{ "name": "x", "holding_id": {{text}} }""", $$"""{ "name": "x", "holding@odata.bind": {{text}} }""", $$"""[{ "name": {{text}} }]""" })
                Check(await server.Client.PostAsync("/api/data/accounts", body), body);
            foreach (var body in new[] { $$"""{ "title": {{text}}, "labels": [{{text}}], "extra": { {{text}}: {{text}} } }""", $$"""{ "title": "x", "regarding_id": "{{server.Account}}", "regarding_type": {{text}} }""", $$"""{ "title": "x", "lines": [{ "product": {{text}} }] }""", $$"""{ "title": "x", "lines": [{ "product": "x", {{text}}: 1 }] }""", $$"""{ "title": "x", "topics": [{ "id": {{text}} }] }""" })
                Check(await server.Client.PostAsync("/api/data/contracts", body), body);
            var batch = $$"""{ "requests": [{ "id": "1", "method": "GET", "url": {{text}} }, { "id": "2", "method": "POST", "url": "topics", "body": { "name": {{text}} } }, { "id": "3", "method": "GET", "url": {{JsonSerializer.Serialize($"topics?$filter=name eq '{attack.Replace("'", "''", StringComparison.Ordinal)}'")}} }, { "id": "4", "method": "PATCH", "url": {{JsonSerializer.Serialize($"topics({attack})")}}, "body": { "name": "x" } }] }""";
            Check(await server.Client.SendAsync(HttpMethod.Post, "/api/data/$batch", batch, prefer: "odata.continue-on-error"), batch);
            Check(await server.Client.PostAsync("/api/data/$batch", $$"""{ "requests": [{ "id": {{text}}, "method": {{text}}, "atomicityGroup": {{text}}, "url": "topics" }] }"""), text);
            Check(await server.Client.PostAsync($"/api/data/contracts/{server.Contract}/{Uri.EscapeDataString(attack)}", "{}"), attack);
        }
        Check(statements);
    }

    private static void Check(Answer answer, string what)
    {
        Assert.True(answer.Status < 500, $"{answer.Status} {answer.Json}: {what}");
        if (answer.Status < 400) return;
        // A refusal may say what was sent, and nothing of what is behind it.
        Assert.DoesNotMatch("Npgsql|postgres|SqlState|syntax error|   at |org_main\\.\"", answer.Json.ToString());
    }

    private static void Check(SentStatements statements)
    {
        Assert.NotEmpty(statements.Texts);
        Assert.DoesNotContain(statements.Texts, text => text.Contains(Mark, StringComparison.OrdinalIgnoreCase));
    }
}
