using System.Collections.Immutable;
using System.Text;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Scripting.Tests;

/// <summary>A rule with the given script on a small entity of invoices.</summary>
internal static class RuleOn
{
    private const string Entity = """
        { "name": "invoice", "plural": "invoices", "primary": "title",
          "fields": [
            { "name": "title", "type": "text" },
            { "name": "amount", "type": "decimal", "precision": 18, "scale": 2 },
            { "name": "count", "type": "integer" },
            { "name": "paid", "type": "boolean" },
            { "name": "due", "type": "date" },
            { "name": "sent_at", "type": "datetime" },
            { "name": "labels", "type": "tags" },
            { "name": "extra", "type": "json" },
            { "name": "account", "type": "lookup", "target": "invoice" },
            { "name": "double", "type": "decimal", "precision": 18, "scale": 2, "formula": "amount * 2" }
          ],
          "rules": [ { "name": "tested", "on": ["create", "update"], "script": "invoice.tested.js" } ] }
        """;

    public static Script Invoice(string script) => Model(script).FindEntity("invoice")!.Rules[0].Script!;

    public static Model Model(string script)
    {
        var content = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<byte>>(StringComparer.Ordinal);
        content["manifest.json"] = [.. Encoding.UTF8.GetBytes("""{ "formatVersion": 1, "name": "sample", "version": "1.0.0" }""")];
        content["entities/invoice.json"] = [.. Encoding.UTF8.GetBytes(Entity)];
        content["rules/invoice.tested.js"] = [.. Encoding.UTF8.GetBytes(script)];
        var (package, _) = PackageReader.Parse(new PackageFiles("sample", content.ToImmutable()));
        var (model, problems) = new ModelCompiler(FieldTypeRegistry.Default).Compile([package!]);
        Assert.Empty(problems);
        return model!;
    }
}
