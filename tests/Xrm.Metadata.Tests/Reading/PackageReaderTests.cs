using System.Collections.Immutable;
using System.Text;
using Xrm.Metadata.Reading;

namespace Xrm.Metadata.Tests.Reading;

public sealed class PackageReaderTests
{
    [Fact]
    public async Task Minimal_package_reads_without_problems()
    {
        var files = await PackageReader.ReadAsync(Repository.PathTo("tests", "packages", "minimal"), CancellationToken.None);

        var (package, problems) = PackageReader.Parse(files);

        Assert.Empty(problems);
        Assert.Equal("note", Assert.Single(package!.Entities).Value.Name);
    }

    [Theory]
    [InlineData("entities/x.json", "{ \"name\": \"y\", \"plural\": \"ys\", \"primary\": \"id\" }", "file_name_wrong", 1)]
    [InlineData("entities/x.txt", "{}", "file_unknown", 0)]
    [InlineData("entitys/x.json", "{}", "file_unknown", 0)]
    [InlineData("entities/deep/x.json", "{}", "file_unknown", 0)]
    [InlineData("entities/x.json", "{\n\"name\": \"x\",\n\"name\": \"x\", \"plural\": \"xs\", \"primary\": \"id\" }", "property_twice", 2)]
    [InlineData("entities/x.json", "{\n\"name\": \"x\",\n\"plural\": \"Xs\", \"primary\": \"id\" }", "name_invalid", 3)]
    [InlineData("entities/x.json", "{\n\"name\": \"x\",\n\"plural\": \"xs\" }", "property_missing", 1)]
    [InlineData("entities/x.json", "[]", "value_type_wrong", 1)]
    [InlineData("entities/x.json", "", "json_invalid", 1)]
    [InlineData("entities/x.json", "\uFEFF{}", "encoding_wrong", 1)]
    [InlineData("entities/x.json", "{\n\"name\": \"\\ud800\" }", "json_invalid", 2)]
    [InlineData("entities/x.json", "{ \"name\": \"x\", \"plural\": \"xs\", \"primary\": \"id\", \"fields\": [\n{ \"name\": \"a\", \"type\": \"decimal\", \"min\": 1e400 } ] }", "value_out_of_range", 2)]
    [InlineData("forms/x.main.json", "{ \"name\": \"x.main\", \"entity\": \"x\",\n\"tabs\": [ { \"label\": \"A\", \"sections\": [ {\n\"columns\": 9 } ] } ] }", "value_out_of_range", 3)]
    [InlineData("forms/x.main.json", "{ \"name\": \"x.main\", \"entity\": \"x\",\n\"tabs\": [ { \"label\": \"A\", \"sections\": [ { \"fields\": [ \"id\",\n{ \"spam\": 2 } ] } ] } ] }", "property_missing property_unknown", 3)]
    [InlineData("entities/x.json", "{ \"name\": \"x\", \"plural\": \"xs\", \"primary\": \"id\",\n\"a['b].c\": 1 }", "property_unknown", 2)]
    [InlineData("entities/x.json", "{ \"name\": \"x\", \"plural\": \"xs\", \"primary\": \"id\", \"rules\": [ { \"name\": \"a\", \"script\": \"a.js\", \"on\": [\"create\"],\n\"order\": 99999999999999999999 } ] }", "value_type_wrong", 2)]
    [InlineData("translations/de.json", "{ \"language\": \"de\", \"texts\": {\n\"entity.x.label\": 5 } }", "value_type_wrong", 2)]
    public void Wrong_file_is_reported_with_its_line(string path, string text, string codes, int line)
    {
        var (_, problems) = PackageReader.Parse(APackage.Of((path, text)));

        Assert.Equal(codes, string.Join(' ', problems.Select(problem => problem.Code).Order(StringComparer.Ordinal)));
        Assert.All(problems, problem => Assert.Equal((path, line), (problem.Location.File, problem.Location.Line)));
    }

    [Fact]
    public void Package_that_was_checked_before_is_read_without_what_only_a_publish_asks_for()
    {
        var files = APackage.Of(APackage.Entity("thing"), ("data/things.json", """{ "entity": "thing", "key": ["title"], "rows": [ { "title": "a" } ] }"""),
            ("tests/things.tests.json", """{ "tests": [ { "name": "none", "when": { "create": { "as": "a", "entity": "thing" } }, "then": {} } ] }"""));

        var (whole, _) = PackageReader.Parse(files);
        var (running, problems) = PackageReader.ParseChecked(files, isWhole: false);

        Assert.Equal((1, 1), (whole!.Data.Length, whole.Tests.Length));
        Assert.Equal((0, 0), (running!.Data.Length, running.Tests.Length));
        Assert.Equal("thing", Assert.Single(running.Entities).Value.Name);
        Assert.Empty(problems);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_reported_with_their_line()
    {
        var files = APackage.Of();
        files = files with { Content = files.Content.Add("entities/x.json", (ImmutableArray<byte>)[.. "{\n\""u8, 0xC3, 0x28]) };

        var problem = Assert.Single(PackageReader.Parse(files).Problems);

        Assert.Equal(("encoding_wrong", 2), (problem.Code, problem.Location.Line));
    }

    [Fact]
    public void Package_without_manifest_is_refused()
    {
        var (package, problems) = PackageReader.Parse(new Metadata.Source.PackageFiles("x", ImmutableSortedDictionary<string, ImmutableArray<byte>>.Empty));

        Assert.Null(package);
        Assert.Equal("manifest_missing", Assert.Single(problems).Code);
    }

    [Fact]
    public async Task Symbolic_links_are_refused()
    {
        var folder = Directory.CreateTempSubdirectory("xrm-package");
        try
        {
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "manifest.json"), "/etc/passwd");

            await Assert.ThrowsAsync<InvalidDataException>(() => PackageReader.ReadAsync(folder.FullName, CancellationToken.None));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Scripts_are_kept_as_text()
    {
        var (package, problems) = PackageReader.Parse(APackage.Of(("rules/x.js", "record.a = 1;\n")));

        Assert.Empty(problems);
        Assert.Equal("record.a = 1;\n", package!.Scripts["x.js"]);
    }

    [Fact]
    public void Nesting_without_end_is_an_error_and_no_crash()
    {
        var (_, problems) = PackageReader.Parse(APackage.Of(("entities/x.json", new StringBuilder().Append('[', 100_000).ToString())));

        Assert.Equal("json_invalid", Assert.Single(problems).Code);
    }
}
