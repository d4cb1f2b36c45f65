using System.Text;
using Xrm.TestKit;

namespace Xrm.Server.Tests.Metadata;

public sealed class WhereUsedTests
{
    [Theory]
    [InlineData("entity=deal", "Entity")]
    [InlineData("entity=deal&field=status", "Field")]
    [InlineData("entity=deal&field=status&option=open", "Option")]
    [InlineData("entity=customer&field=discount", "Reached_field")]
    [InlineData("entity=rate&field=code", "Currency")]
    [InlineData("entity=deal&field=changed_on", "Order")]
    [InlineData("role=seller", "Role")]
    [InlineData("script=deal.check.js", "Script")]
    public async Task Every_kind_of_use_is_found(string query, string snapshot)
    {
        await using var app = await TestApplication.StartAsync("deals", DealsPackage.All());
        var answer = await (await app.ClientAsync()).GetAsync($"/api/metadata/uses?{query}");
        Assert.Equal(200, answer.Status);
        var text = new StringBuilder($"{answer["kind"]} {answer["name"]}\n");
        foreach (var use in answer.Json.GetProperty("uses").EnumerateArray())
        {
            var at = use.GetProperty("location");
            text.Append($"{use.GetProperty("kind")} {use.GetProperty("name")} | {use.GetProperty("how")} | {use.GetProperty("of")}{(use.GetProperty("likely").GetBoolean() ? " likely" : "")} x{use.GetProperty("times")}")
                .Append($" | {at.GetProperty("package")}/{at.GetProperty("file")}:{at.GetProperty("line")} {at.GetProperty("path")}\n");
        }
        Snapshot.Verify(text.ToString(), snapshot);
    }

    [Theory]
    [InlineData("", "entity required")]
    [InlineData("entity=deal&role=seller", "entity required")]
    [InlineData("entity=dael", "entity unknown")]
    [InlineData("entity=deal&field=nothing", "field unknown")]
    [InlineData("entity=deal&option=open", "field required")]
    [InlineData("entity=deal&field=status&option=ajar", "option unknown")]
    [InlineData("role=nobody", "role unknown")]
    [InlineData("script=deal.chek.js", "script unknown")]
    public async Task What_is_not_there_is_refused(string query, string errors)
    {
        await using var app = await TestApplication.StartAsync("deals", DealsPackage.All());
        var answer = await (await app.ClientAsync()).GetAsync($"/api/metadata/uses?{query}");
        Assert.Equal((400, errors), (answer.Status, answer.Errors));
    }

    [Fact]
    public async Task Only_administrators_may_ask()
    {
        await using var app = await TestApplication.StartAsync("deals", DealsPackage.All());
        Assert.Equal(403, (await (await app.ClientAsync("seller")).GetAsync("/api/metadata/uses?entity=deal")).Status);
    }
}
