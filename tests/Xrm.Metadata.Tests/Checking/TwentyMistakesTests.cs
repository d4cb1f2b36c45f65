using Xrm.Metadata.Reading;

namespace Xrm.Metadata.Tests.Checking;

public sealed class TwentyMistakesTests
{
    [Fact]
    public async Task Package_with_twenty_mistakes_gives_twenty_located_problems()
    {
        var files = await PackageReader.ReadAsync(Repository.PathTo("tests", "packages", "twenty_mistakes"), CancellationToken.None);

        var problems = APackage.Problems(files);

        var found = problems.Select(problem => $"{problem.Location.File}:{problem.Location.Line} {problem.Code}").Order(StringComparer.Ordinal);
        Assert.Equal(Expected.Order(StringComparer.Ordinal), found);
        Assert.All(problems, problem => Assert.True(problem is { Message.Length: > 10, Remedy.Length: > 5 } && problem.Location.Path.StartsWith('$'), problem.ToString()));
    }

    private static readonly string[] Expected =
    [
        "data/customer.json:6 row_twice",
        "entities/broken.json:4 json_invalid",
        "entities/customer.json:6 value_type_wrong",
        "entities/order.json:10 default_wrong",
        "entities/order.json:11 entity_unknown",
        "entities/order.json:12 column_twice",
        "entities/order.json:13 value_not_allowed",
        "entities/order.json:14 setting_refused",
        "entities/order.json:15 name_twice",
        "entities/order.json:16 name_reserved",
        "entities/order.json:17 via_wrong",
        "entities/order.json:20 rollup_wrong",
        "entities/order.json:25 option_unknown",
        "entities/order.json:29 script_missing",
        "entities/order.json:4 field_unknown",
        "entities/order.json:6 property_unknown",
        "entities/order_line.json:8 lookup_needs_itself",
        "manifest.json:6 dependency_missing",
        "roles/clerk.json:4 value_not_allowed",
        "workflows/remind.json:6 duration_wrong",
    ];
}
