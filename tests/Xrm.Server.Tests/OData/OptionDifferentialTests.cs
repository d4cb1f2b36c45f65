using System.Text.RegularExpressions;

namespace Xrm.Server.Tests.OData;

/// <summary>Our parser and Microsoft's accept and refuse the same orders, selections, expansions, summaries and searches, and understand the same by them.</summary>
public sealed class OptionDifferentialTests
{
    /// <summary>What the reference accepts and we refuse, by our refusal. The page "data-api" tells clients the same.</summary>
    private static readonly (string Reason, string Refusal)[] Stricter =
    [
        ("An option has a value, no list ends with a comma, and none of options with a semicolon.", @"or \$expand, but there is '\)'|the name of a property, but there is '[;)]'|expected (the name of a lookup or of a collection|the name of a property), but it ends|^\$\w+, character 1: .*but it ends"),
        ("Texts stand in single quotes, in lists too.", "the sign '\"' has no meaning here"),
        ("A list inside of a row has 1,000 records.", @"\$top inside \$expand may be 1000"),
        ("A name begins with a letter.", "expected a name for the result"),
    ];

    /// <summary>What we accept and the reference refuses, by its refusal.</summary>
    private static readonly (string Option, string Reason, string Refusal)[] MoreTolerant =
    [
        ("$expand", "The dollar sign of an option may be left out (4.01).", @"Term '.*[(;](select|filter|orderby|top|skip|count|expand|compute)="),
        ("$search", "Nothing that people type into a search is refused.", ""),
    ];

    [Theory]
    [InlineData("$orderby", 3_000)]
    [InlineData("$select", 2_000)]
    [InlineData("$expand", 3_000)]
    [InlineData("$compute", 2_000)]
    [InlineData("$apply", 3_000)]
    [InlineData("$search", 2_000)]
    public void Options_mean_what_they_mean_to_the_reference(string option, int rounds)
    {
        var (reference, random) = (new ReferenceParser(), new Random(20261123));
        var (differences, accepted, refused) = (new List<string>(), 0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var generator = new OptionGenerator(random);
            var text = generator.Write(option);
            if (round % 2 == 1) text = generator.Mutate(text);
            var (ours, ourRefusal) = OptionPrinter.Parse(option, text);
            var (theirs, theirRefusal) = reference.Parse(option, text);
            if (theirs is null && ours is not null && reference.Parse(option, DeliberateDifferences.WithSpaces(text)) is { Tree: { } spaced }) theirs = spaced;
            if (DeliberateDifferences.AreSame(ours, theirs))
            {
                if (ours is null) refused++;
                else accepted++;
            }
            else if (!Explain(option, ours, theirs, theirRefusal + ourRefusal)) differences.Add($"{text}\n  ours: {ours ?? ourRefusal}\n  reference: {theirs ?? theirRefusal}");
        }
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n{string.Join('\n', differences.Take(40))}");
        Assert.True(accepted > rounds / 3 && (refused > rounds / 10 || option == "$search"), $"{accepted} accepted, {refused} refused: the generator has lost its aim.");
    }

    private static bool Explain(string option, string? ours, string? theirs, string refusal) => DeliberateDifferences.Explain(ours, theirs, refusal)
        || (ours is null && Stricter.Any(known => Regex.IsMatch(refusal, known.Refusal)))
        || (theirs is null && MoreTolerant.Any(known => known.Option == option && Regex.IsMatch(refusal, known.Refusal)));
}
