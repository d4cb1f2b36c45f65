using System.Text;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;
using Xrm.Metadata.Writing;

namespace Xrm.Metadata.Tests.Writing;

public sealed class JsonFileWriterTests
{
    public static TheoryData<string> Packages => [.. Directory.EnumerateDirectories(Repository.PathTo("metadata", "packages")).Select(folder => Path.GetFileName(folder)!)];

    [Theory, MemberData(nameof(Packages))]
    public async Task What_was_read_and_written_reads_and_writes_the_same(string name)
    {
        var files = await PackageReader.ReadAsync(Repository.PathTo("metadata", "packages", name), CancellationToken.None);
        var first = Rewritten(PackageReader.Parse(files).Package!);

        var (package, problems) = PackageReader.Parse(first);

        Assert.Empty(problems);
        Assert.Equal(first.Hash(), Rewritten(package!).Hash());
    }

    [Fact]
    public void Entity_is_written_in_record_order_without_defaults_and_with_a_final_newline()
    {
        var entity = new Entity
        {
            Name = "note",
            Plural = "notes",
            Primary = "title",
            Fields =
            [
                new Field { Name = "title", Type = "text", Required = new Condition(true, null), Printable = false },
                new Field { Name = "kind", Type = "choice", Visible = new Condition(null, "title != 'ö'"), Options = new Options("kinds", []) },
            ],
        };

        Assert.Equal(
            """
            {
              "name": "note",
              "plural": "notes",
              "primary": "title",
              "fields": [
                {
                  "name": "title",
                  "type": "text",
                  "required": true,
                  "printable": false
                },
                {
                  "name": "kind",
                  "type": "choice",
                  "visible": "title != 'ö'",
                  "options": "kinds"
                }
              ]
            }

            """, Encoding.UTF8.GetString(JsonFileWriter.Write(entity).AsSpan()));
    }

    private static PackageFiles Rewritten(Package package)
    {
        var content = package.Files.Content.ToBuilder();
        content["manifest.json"] = JsonFileWriter.Write(package.Manifest);
        void Take<T>(IEnumerable<InFile<T>> files) where T : notnull
        {
            foreach (var file in files) content[file.File.Path] = JsonFileWriter.Write(file.Value);
        }

        Take(package.Entities);
        Take(package.Extensions);
        Take(package.Options);
        Take(package.Forms);
        Take(package.Views);
        Take(package.Workflows);
        Take(package.Apps);
        Take(package.Roles);
        Take(package.Translations);
        Take(package.Data);
        Take(package.Tests);
        return package.Files with { Content = content.ToImmutable() };
    }
}
