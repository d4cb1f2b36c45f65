namespace Xrm.Server.Tests.Rules;

[Collection(nameof(DecisionCollection))]
public sealed class FormulaCheckTests(DecisionApplication orders)
{
    [Theory]
    [InlineData("""{ "entity": "order", "formula": "price > 5 && changed(title)" }""", "")]
    [InlineData("""{ "entity": "order", "formula": "prcie > 5" }""", "formula_unknown_name")]
    [InlineData("""{ "entity": "order", "formula": "price >" }""", "formula_syntax")]
    [InlineData("""{ "entity": "order" }""", "formula_syntax")]
    [InlineData("""{ "entity": "order", "formula": "addDays(starts_on, 30)", "field": "review_on" }""", "")]
    [InlineData("""{ "entity": "order", "formula": "'soon'", "field": "review_on" }""", "formula_kind")]
    [InlineData("""{ "entity": "order", "formula": "'soon'", "field": "priority" }""", "formula_unknown_option")]
    public async Task A_formula_is_looked_at_as_a_publish_would(string body, string codes)
    {
        var answer = await (await orders.App.ClientAsync()).PostAsync("/api/metadata/formulas/check", body);
        Assert.Equal(200, answer.Status);
        Assert.Equal(codes, string.Join(", ", answer.Json.GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("code").GetString())));
    }

    [Theory]
    [InlineData("""{ "formula": "true" }""", "entity unknown")]
    [InlineData("""{ "entity": "order", "formula": "true", "field": "nothing" }""", "field unknown")]
    public async Task What_is_not_there_is_refused(string body, string errors)
    {
        var answer = await (await orders.App.ClientAsync()).PostAsync("/api/metadata/formulas/check", body);
        Assert.Equal((400, errors), (answer.Status, answer.Errors));
    }

    [Fact]
    public async Task Only_administrators_may_ask() =>
        Assert.Equal(403, (await orders.Clerk.PostAsync("/api/metadata/formulas/check", """{ "entity": "order", "formula": "true" }""")).Status);

    [Fact]
    public async Task Some_files_of_a_package_can_be_asked_for()
    {
        var admin = await orders.App.ClientAsync();
        async Task<string[]> FilesAsync(string query)
        {
            var answer = await admin.GetAsync($"/api/metadata/packages/orders{query}");
            Assert.True(answer.Status == 200, answer.Json.GetRawText());
            return [.. answer.Json.GetProperty("files").EnumerateObject().Select(file => file.Name)];
        }

        Assert.Equal(["entities/line.json"], await FilesAsync("?path=entities/line.json&path=extensions/line.json"));
        Assert.Contains("manifest.json", await FilesAsync(""));
    }
}
