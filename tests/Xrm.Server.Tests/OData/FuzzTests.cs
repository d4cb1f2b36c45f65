using System.Globalization;
using Xrm.Data.Errors;
using Xrm.Data.Queries;
using Xrm.Server.OData;
using Xrm.Server.Tests.Queries;

namespace Xrm.Server.Tests.OData;

/// <summary>Whatever is sent as a query is answered by a plan or by a refusal.</summary>
public sealed class FuzzTests
{
    /// <summary>XRM_FUZZ_ROUNDS asks for more.</summary>
    private static readonly int Rounds = int.Parse(Environment.GetEnvironmentVariable("XRM_FUZZ_ROUNDS") ?? "1000000", CultureInfo.InvariantCulture);

    private static readonly string[] Seeds =
    [
        "$select=title,value&$orderby=account/name desc,length(title)&$top=5&$skip=3&$count=true",
        "$expand=lines($select=product;$filter=amount gt 1;$orderby=amount desc;$top=5;$expand=asset),account($expand=holding)&$count=estimate",
        "$filter=lines/any(l: l/amount gt 1.5 and not startswith(l/product,'O''N')) or labels has 'x' and months in (1,2,null)",
        "$filter=year(starts_on) add 1 eq 2027 and substring(title,-1,2) ne 'x' or signed_at lt 2026-01-01T10:00:00.5Z and opens ge 08:30:00",
        "$filter=matchesPattern(title,'^[a-z]{2,5}(a|b)*\\d?$') and id eq 01234567-89ab-7def-8123-456789abcdef",
        "$apply=filter(months gt 1)/compute(year(starts_on) as y)/groupby((account/industry,y),aggregate(value with sum as total,$count as n))&$filter=total gt 1e3&$orderby=n",
        "$compute=value mul 2 as double,lines/$count($filter=amount gt 1) as n&$select=double,n&$filter=double gt -n",
        "$filter=case(months gt @m:1,value gt 2:2.5,true:null) ge cast(months,Edm.Decimal) and signed_at add duration'P1DT2H' gt now() sub duration'PT0.5S'&@m=12L&$expand=lines($compute=amount mul @m as x;$select=x)",
        "$apply=groupby((account/industry,status),aggregate(value with sum as total))/groupby((status),aggregate(total with max as most))/compute(most mul 2 as twice)/filter(twice gt 1)/orderby(twice desc)/skip(1)/top(5)/topcount(2,most)",
        "$apply=topcount(3,value)/groupby((status,rollup($all,account/industry,account/name)),aggregate(value with sum as total))/concat(toppercent(50,total),bottomsum(2.5,total)/aggregate(total with sum as n),identity)&$orderby=total",
        "$apply=orderby(title desc)/skip(1)/bottompercent(20,months)/compute(months mul 2 as twice)&$select=twice&$expand=account&$filter=twice gt 1",
        "$filter=isof(regarding,Xrm.account) or not isof(account/holding,Xrm.account) and months gt $root/contracts(number='C-00001')/months sub 1 and isof(months,Edm.Int64)&$orderby=$root/accounts(01234567-89ab-7def-8123-456789abcdef)/holding/score",
        "view=contract.tech&$search=%22a b%22&$skiptoken=WyJhIiwxXQ&$format=json",
    ];

    private static readonly string[] Noise = ["(", ")", "'", "/", ",", ";", "=", ":", "$", "&", "%00", "%ED%A0%80", "%F0%9F%8F%A2", "\ud83c", "\0", "*", "-", "e9", "9999999999999999999999999999", "null", "any(", "$it/", " ", "\t", "2026-13-45", "--", "[", "{99,9}", "\\", "desc", "with", "as"];

    [Fact]
    public void Mutated_queries_are_planned_or_refused()
    {
        const int Workers = 4;
        var planned = new int[Workers];
        Parallel.For(0, Workers, worker => planned[worker] = Run(new Random(20261123 + worker), Rounds / Workers));
        Assert.True(planned.Sum() > Rounds / 100, $"{planned.Sum()} planned: the mutations have lost their aim.");
    }

    private static int Run(Random random, int rounds)
    {
        var context = QueryModel.Context(QueryModel.Person("reader"));
        var planned = 0;
        for (var round = 0; round < rounds; round++)
        {
            var query = TextMutation.Mutate(Seeds[random.Next(Seeds.Length)], Noise, random);
            try
            {
                var understood = ODataUrl.Parse($"?{query}");
                var sql = understood.KeepsRecords ? QueryPlan.For("contracts", understood, context).ToSql("org") : SummaryPlan.For("contracts", understood, context).ToSql("org");
                Assert.NotEmpty(sql);
                planned++;
            }
            catch (XrmException refused)
            {
                Assert.True(refused.Status is 400 or 403, $"{refused.Status} {refused.Code}: {query}");
            }
            catch (Exception defect) when (defect is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{query}\n{defect}");
            }
        }
        return planned;
    }
}
