using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Formulas.Tests.Vectors;

/// <summary>The record types of <c>tests/vectors/formulas/model.json</c>, and what every case has in common.</summary>
internal sealed class Sample
{
    public static readonly SourceLocation Here = new("sample", "sample.json");

    private Sample(JsonObject file)
    {
        UtcNow = DateTime.Parse(file["now"]!.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        TimeZone = file["timeZone"]!.GetValue<string>();
        Model = Compile(file["entities"]!.AsObject());
        User = Read(file["user"]!.AsObject(), Model.FindEntity(FormulaUser.Entity)!);
        var problems = new List<Problem>();
        Formulas = FormulaSet.Bind(Model, problems);
        if (problems.Count > 0) throw new InvalidOperationException(string.Join('\n', problems));
    }

    public static Sample Instance { get; } = new(JsonNode.Parse(File.ReadAllText(PathTo("model.json")))!.AsObject());

    public Model Model { get; }

    public FormulaSet Formulas { get; }

    public FormulaUser User { get; }

    public DateTime UtcNow { get; }

    public string TimeZone { get; }

    public Metadata.Compiled.Entity Deal => Model.FindEntity("deal")!;

    public static string PathTo(string name) => Path.Combine(ThisFolder(), "..", "..", "vectors", "formulas", name);

    private static string ThisFolder([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;

    /// <summary>The formula over a deal; fails where it has problems.</summary>
    public Formula Bind(string text, FormulaUse use)
    {
        var problems = new List<Problem>();
        return Formulas.BindOne(text, Deal, Here, use, problems) ?? throw new InvalidOperationException(string.Join('\n', problems));
    }

    private static FormulaUser Read(JsonObject json, Metadata.Compiled.Entity users)
    {
        var values = from pair in JsonSerializer.SerializeToElement(json["values"]).EnumerateObject()
                     let value = pair.Value.GetProperty("value")
                     where value.ValueKind != JsonValueKind.Null
                     let column = users.FindField(pair.Name)!.Column!
                     select KeyValuePair.Create(column.Name, RowScope.Read(value, column));
        return new FormulaUser(json["id"]!.GetValue<Guid>(), (string)json["name"]!, (string)json["displayName"]!, [.. json["roles"]!.AsArray().Select(role => (string)role!)]) { Values = values.ToDictionary() };
    }

    /// <summary>A model with these entities: their fields by name, as in packages.</summary>
    public static Model Compile(JsonObject entities, params (string Path, JsonObject Json)[] others)
    {
        var content = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<byte>>(StringComparer.Ordinal);
        void Add(string path, JsonNode json) => content[path] = [.. Encoding.UTF8.GetBytes(json.ToJsonString())];
        Add("manifest.json", new JsonObject { ["formatVersion"] = 1, ["name"] = "sample", ["version"] = "1.0.0", ["label"] = "Sample" });
        foreach (var (name, written) in entities)
        {
            var entity = written is JsonArray ? new JsonObject { ["fields"] = written.DeepClone() } : (JsonObject)written!.DeepClone();
            entity["name"] = name;
            entity["plural"] = name + "s";
            entity["primary"] = entity["fields"]![0]!["name"]!.DeepClone();
            Add($"entities/{name}.json", entity);
        }
        foreach (var (path, json) in others) Add(path, json);
        var (package, problems) = PackageReader.Parse(new PackageFiles("sample", content.ToImmutable()));
        if (package is null) throw new InvalidOperationException(string.Join('\n', problems));
        var (model, found) = new ModelCompiler(FieldTypeRegistry.Default).Compile([package]);
        return model ?? throw new InvalidOperationException(string.Join('\n', found));
    }
}
