namespace Xrm.Metadata.Tests.Checking;

public sealed class SettingsTests
{
    /// <summary>An entity of settings <c>firm</c> with these properties and fields beside another one, which has a field, too.</summary>
    [Theory]
    [InlineData("", """{ "name": "rank", "type": "integer", "required": true, "default": 3 }""", "", "")]
    [InlineData("", """{ "name": "rank", "type": "integer", "required": "name == 'x'" }, { "name": "best", "type": "lookup", "target": "other" }""", "", "")]
    [InlineData("", """{ "name": "rank", "type": "integer", "required": true }""", "", "settings_wrong entities/firm.json $.fields[1].required")]
    [InlineData("""
        "ownership": "user", "features": ["audit", "recycleBin"],
        """, """{ "name": "rank", "type": "integer" }""", "", "settings_wrong entities/firm.json $.ownership, settings_wrong entities/firm.json $.features[1]")]
    [InlineData("", """{ "name": "rank", "type": "integer" }""", """, { "name": "firm", "type": "lookup", "target": "firm" }""", "settings_wrong entities/other.json $.fields[1].target")]
    public void What_one_record_cannot_have_is_reported(string properties, string fields, string more, string expected)
    {
        var problems = APackage.Problems(APackage.Of(
            ("entities/firm.json", $$"""{ "name": "firm", "plural": "firms", "kind": "settings", {{properties}} "primary": "name", "fields": [ { "name": "name", "type": "text" }, {{fields}} ] }"""),
            ("entities/other.json", $$"""{ "name": "other", "plural": "others", "primary": "name", "fields": [ { "name": "name", "type": "text" } {{more}} ] }""")));

        Assert.Equal(expected, string.Join(", ", problems.Select(problem => $"{problem.Code} {problem.Location.File} {problem.Location.Path}")));
    }
}
