using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Xrm.Metadata.Checking;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Reading;

/// <summary>Turns a package's folder into its files, and its files into records.</summary>
public static class PackageReader
{
    /// <summary>Reads the files of a folder, without looking into them.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder holds a symbolic link, or more than a package may hold.</exception>
    public static Task<PackageFiles> ReadAsync(string directory, CancellationToken ct) => PackageFolder.ReadAsync(directory, ct);

    /// <summary>Reads the records of a package and checks each file by itself. References between files are checked by the compiler.</summary>
    /// <returns>
    /// The package (null where the manifest cannot be read) and every mistake found. The package carries the same mistakes, so that
    /// the compiler can report them with its own.
    /// </returns>
    public static (Package? Package, ImmutableArray<Problem> Problems) Parse(PackageFiles files) => new PackageReading(files, areChecked: false, isWhole: true).Read();

    /// <summary>
    /// Reads the records of a package in which this very build of the engine has found no mistake before: its files are not checked again.
    /// </summary>
    /// <param name="files">The package.</param>
    /// <param name="isWhole">Reads starter rows and tests as well, which only a publish asks for.</param>
    /// <returns>As of <see cref="Parse"/>.</returns>
    public static (Package? Package, ImmutableArray<Problem> Problems) ParseChecked(PackageFiles files, bool isWhole) => new PackageReading(files, areChecked: true, isWhole).Read();
}

/// <summary>The reading of one package.</summary>
internal sealed class PackageReading(PackageFiles files, bool areChecked, bool isWhole)
{
    private static readonly SourceFile NoFile = new("", "", () => new Dictionary<string, int>());
    private readonly List<Problem> _problems = [];
    private string _name = files.Name;
    private Package _package = new() { Manifest = null!, ManifestFile = NoFile, Files = files, IsWhole = isWhole };

    public (Package? Package, ImmutableArray<Problem> Problems) Read()
    {
        if (!files.Content.ContainsKey("manifest.json"))
            Report(ProblemCodes.ManifestMissing, "manifest.json", "The package has no manifest.", "Add manifest.json with formatVersion, name and version.");
        else
            Take("manifest.json", files.Content["manifest.json"]);
        // A name that is wrong or missing was mended to nothing; what the other files are called after must be the same everywhere.
        if (_package.Manifest is { } manifest && manifest.Name != _name) _package = _package with { Manifest = manifest with { Name = _name } };
        if (_name != files.Name)
            _problems.Add(new Problem(ProblemCodes.FolderNameWrong, _package.ManifestFile.At("$.name"), $"The package's folder is named {files.Name}, but the manifest says {_name}.", $"Rename the folder to {_name}, or correct the name in the manifest."));
        foreach (var (path, bytes) in files.Content)
            if (path != "manifest.json") Take(path, bytes);
        var problems = _problems.ToImmutableArray();
        return (_package.Manifest is null ? null : _package with { Problems = problems }, problems);
    }

    private void Take(string path, ImmutableArray<byte> bytes)
    {
        if (path is "README.md" or "LICENSE") return;
        if (path.Split('/').Any(part => part is "" or "." or "..") || path.Contains('\\'))
        {
            Report(ProblemCodes.FileUnknown, path, "The path leaves the package.", "Use plain file and folder names.");
            return;
        }
        if (!Utf8.IsValid(bytes.AsSpan()) || bytes.AsSpan().StartsWith("\uFEFF"u8))
        {
            var line = JsonScan.FirstLineNotUtf8(bytes.AsSpan()) ?? 1;
            Report(ProblemCodes.EncodingWrong, path, "The file is not plain UTF-8.", "Save it as UTF-8 without a byte order mark.", line);
            return;
        }
        if (ScriptAt(path) is { } script)
            TakeScript(script, Encoding.UTF8.GetString(bytes.AsSpan()));
        else if (KindOf(path) is { } kind)
            TakeJson(kind, path, bytes);
    }

    /// <summary>The file's name under <c>rules/</c>; null where it is no script. Declarations (<c>.d.ts</c>) are none.</summary>
    private static string? ScriptAt(string path) => path.Split('/') is ["rules", var name] && (name.EndsWith(".js", StringComparison.Ordinal)
        || (BuiltScript.IsSource(name) && !name.EndsWith(".d.ts", StringComparison.Ordinal))) ? name : null;

    private void TakeScript(string name, string text) => _package = BuiltScript.IsSource(name)
        ? _package with { ScriptSources = _package.ScriptSources.Add(name, text) }
        : _package with { Scripts = _package.Scripts.Add(name, text) };

    private FileKind? KindOf(string path)
    {
        if (path == "manifest.json") return FileKinds.Manifest;
        var parts = path.Split('/');
        var kind = parts.Length == 2 ? FileKinds.InFolders.FirstOrDefault(kind => kind.Folder == parts[0]) : null;
        if (kind is not null && parts[1].EndsWith(kind.Ending, StringComparison.Ordinal) && parts[1].Length > kind.Ending.Length) return kind;

        var folders = FileKinds.InFolders.Select(each => each.Folder).Append("rules").ToList();
        var remedy = parts is ["rules", ..] ? "Scripts lie in rules/ itself and end with .js or .ts."
            : kind is not null ? $"Files of {kind.Folder}/ end with {kind.Ending}."
            : parts.Length > 1 && Names.Nearest(parts[0], folders) is { } near ? $"Did you mean {near}/?"
            : $"A package has manifest.json and these folders: {string.Join(", ", folders.Order(StringComparer.Ordinal))}.";
        Report(ProblemCodes.FileUnknown, path, "This file has no meaning in a package.", remedy);
        return null;
    }

    private void TakeJson(FileKind kind, string path, ImmutableArray<byte> bytes)
    {
        if (!isWhole && kind.IsForPublishing) return;
        if (!areChecked && JsonScan.FindSyntaxError(bytes.AsSpan()) is { } error)
        {
            Report(ProblemCodes.JsonInvalid, path, $"The file is not JSON: {error.Message}", "Correct the text at this line.", error.Line);
            return;
        }
        using var written = JsonDocument.Parse(bytes.AsMemory());
        if (kind == FileKinds.Manifest) _name = NameIn(written.RootElement) ?? files.Name;
        var file = new SourceFile(_name, path, () => JsonScan.Lines(bytes.AsSpan()));
        if (areChecked)
        {
            Deserialize(kind, written.RootElement, file);
            return;
        }
        foreach (var duplicate in JsonScan.Duplicates(written.RootElement))
            _problems.Add(new Problem(ProblemCodes.PropertyTwice, file.At(duplicate), "The property occurs twice.", "Keep one of the two."));

        var check = SchemaCheck.Of(kind, bytes.AsSpan(), file);
        _problems.AddRange(check.Problems);
        if (!check.IsReadable) return;
        using var mended = check.Mended is { } json ? JsonDocument.Parse(json) : null;
        Deserialize(kind, (mended ?? written).RootElement, file);
    }

    private static string? NameIn(JsonElement manifest) =>
        manifest.ValueKind == JsonValueKind.Object && manifest.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    private void Deserialize(FileKind kind, JsonElement json, SourceFile file)
    {
        string? name;
        try
        {
            (_package, name) = kind.Add(_package, json, file);
        }
        catch (JsonException error)
        {
            // The schema has let it pass, so it is a number beyond what the property can hold.
            Report(ProblemCodes.ValueOutOfRange, file.Path, $"The value at {error.Path} is out of range.", "Write a smaller number.", file.At(error.Path ?? "$").Line);
            return;
        }
        var expected = name is null ? null : $"{kind.Folder}/{name}{kind.Ending}";
        if (expected is null || expected == file.Path || name == "") return;
        var location = file.At($"$.{kind.NameProperty}");
        _problems.Add(new Problem(ProblemCodes.FileNameWrong, location, $"The file is named {file.Path} but holds {name}.", $"Rename the file to {expected}, or correct the name inside."));
    }

    private void Report(string code, string path, string message, string remedy, int line = 0) =>
        _problems.Add(new Problem(code, new SourceLocation(_name, path, "$", line), message, remedy));
}
