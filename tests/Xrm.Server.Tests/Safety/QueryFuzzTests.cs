using System.Diagnostics;
using System.Text.Json;
using Xrm.Server.Tests.OData;

namespace Xrm.Server.Tests.Safety;

/// <summary>Whatever is asked of the server and its database is answered, or refused with problem details: no defect, and no wait.</summary>
public sealed class QueryFuzzTests(ReadServer server) : IClassFixture<ReadServer>
{
    private const int Rounds = 3_000;

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(1);

    private static readonly string[] Collections = ["contracts", "contracts", "contracts", "contracts", "contracts", "contracts", "contracts", "accounts", "contract_lines", "topics", "assets", "users"];

    /// <summary>Options that mean something for contracts, and often for others.</summary>
    private static readonly string[] Seeds =
    [
        "$select=title,value&$orderby=account/name desc,length(title),value mul 2&$top=5&$skip=3&$count=true",
        "$filter=lines/any(l: l/amount gt 1.5 and not startswith(l/product,'O''N')) or labels has 'x' and months in (1,2,null)&$count=estimate",
        "$filter=year(starts_on) add 1 eq 2027 or substring(title,-1,2) ne 'x' or signed_at lt 2026-01-01T10:00:00.5Z and opens ge 08:30:00",
        "$filter=value div months gt 1 or months mod 0 eq 1 or value mul 1e20 gt 1 or value divby 3 lt 0.1 or round(value) eq 10",
        "$filter=isof(regarding,Xrm.account) or months gt $root/contracts(number='C-00001')/months sub 1 or cast(months,Edm.String) eq '1'",
        "$filter=case(months gt @m:1,value gt 2:2.5,true:null) ge 1 or signed_at add duration'P1DT2H' gt now() sub duration'P9999D'&@m=12",
        "$filter=matchesPattern(title,'^[a-z]{2,5}(a|b)*$') or title gt 'a' and indexof(title,'x') ge 0 or contains(title,'50%25_')",
        "$expand=lines($select=product;$filter=amount gt 1;$orderby=amount desc;$top=5;$count=true;$expand=asset),account($expand=holding,contracts($top=1)),topics,regarding",
        "$compute=value mul 2 as double,lines/$count($filter=amount gt 1) as n,title in ('a','b') as is_a&$select=double,n,is_a&$filter=double gt -n",
        "$apply=filter(months gt 1)/compute(year(starts_on) as y)/groupby((account/industry,y),aggregate(value with sum as total,$count as n))&$filter=total gt 1e3&$orderby=n",
        "$apply=groupby((status,rollup($all,account/industry,account/name)),aggregate(value with average as mean))/concat(toppercent(50,mean),aggregate(mean with max as most),identity)",
        "$apply=concat(topcount(2,value),bottomsum(5,months)/aggregate(months with sum as months),groupby((status)))&$count=true&$top=3",
        "$apply=orderby(title desc)/top(3)/bottompercent(20,months)&$select=title&$expand=account&$filter=months gt 1",
        "$search=acme OR (rent NOT \"two words\") lift&$orderby=name",
        "view=contract.tech&$search=re&$count=true&$top=2",
        "$format=csv;labels=true;bom=true&$select=title,account,value&deleted=only",
        "$format=application/json;odata.metadata=full;IEEE754Compatible=true&$select=value,months&$top=2",
        "$skiptoken=WyJhIiwxXQ&$orderby=title",
    ];

    private static readonly string[] Noise = ["(", ")", "'", "/", ",", ";", "=", ":", "$", "&", "%00", "%ED%A0%80", "%F0%9F%8F%A2", "*", "-", "e9", "9999999999999999999999999999", "-9223372036854775808", "null", "any(", "$it/", "%20", "%09", "2026-13-45", "0001-01-01", "9999-12-31T23:59:59.999999Z", "[", "{99,9}", "%5C", "%20desc", "%20with%20", "%20as%20", "1e308", "0", "%20div%200", "%25"];

    private static readonly string[] Accepted = ["*/*", "application/json", "application/json;odata.metadata=full", "application/json;odata.metadata=none", "application/json;IEEE754Compatible=true;odata.metadata=full", "text/csv;q=0.5,application/json;metadata=full", ";;=,"];

    [Fact]
    public async Task Mutated_queries_are_answered_or_refused()
    {
        var clients = new[] { server.Client, await server.Application.ClientAsync("reader"), await server.Application.ClientAsync("clerk") };
        var (plan, statuses) = (Requests(), new System.Collections.Concurrent.ConcurrentDictionary<int, int>());
        await Parallel.ForEachAsync(plan, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (request, ct) =>
        {
            var status = await SendAsync(clients[request.Client], request.Path, request.Accept, ct);
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        });
        Assert.True(statuses.GetValueOrDefault(200) > Rounds / 8 && statuses.GetValueOrDefault(400) > Rounds / 4, $"The mutations have lost their aim: {string.Join(", ", statuses)}");
    }

    private List<(int Client, string Path, string Accept)> Requests()
    {
        var random = new Random(20261123);
        var requests = new List<(int, string, string)>(Rounds);
        for (var round = 0; round < Rounds; round++)
        {
            var query = Seeds[random.Next(Seeds.Length)].Replace(" ", "%20", StringComparison.Ordinal);
            if (random.Next(2) == 0) query = TextMutation.Mutate(query, Noise, random);
            if (random.Next(5) == 0) query += $"&{Seeds[random.Next(Seeds.Length)].Replace(" ", "%20", StringComparison.Ordinal)}";
            var collection = Collections[random.Next(Collections.Length)];
            var path = random.Next(12) switch
            {
                0 => $"{collection}/$count",
                1 => $"contracts/{server.Contract}/{(random.Next(2) == 0 ? "lines" : "account")}",
                2 => $"contracts({server.Contract})",
                _ => collection,
            };
            requests.Add((random.Next(3), $"/api/data/{path}?{query}", Accepted[random.Next(Accepted.Length)]));
        }
        return requests;
    }

    private static async Task<int> SendAsync(TestClient client, string path, string accept, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(LongestAnswer);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await client.Http.SendAsync(request, timeout.Token);
        var text = await response.Content.ReadAsStringAsync(timeout.Token);
        var status = (int)response.StatusCode;
        Assert.True(status is 200 or 204 or 400 or 403 or 404 or 406 or 414 or 429, $"{status} after {watch.Elapsed}: {path}\n{text}\n{client.Defect}");
        // An answer that breaks off in its middle is none.
        if (status == 200 && response.Content.Headers.ContentType?.MediaType == "application/json") using (JsonDocument.Parse(text)) { }
        if (status >= 400)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            using var problem = JsonDocument.Parse(text);
            Assert.True(problem.RootElement.GetProperty("code").GetString() is { Length: > 0 } && problem.RootElement.GetProperty("detail").GetString() is { Length: > 0 }, path);
        }
        return status;
    }
}
