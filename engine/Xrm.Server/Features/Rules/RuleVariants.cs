using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Data.Publishing;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using Xrm.Scripting;
using Entity = Xrm.Metadata.Compiled.Entity;
using Field = Xrm.Metadata.Compiled.Field;
using Rule = Xrm.Metadata.Compiled.Rule;

namespace Xrm.Server.Features.Rules;

/// <summary>The model as it would be with another script, decision or formula. Only what follows from it differs; the tables are the same.</summary>
internal sealed partial class RuleVariants(CurrentModel current, PackageStore store, ModelCompiler compiler, ScriptEngine scripts)
{
    /// <summary>What is to be tried.</summary>
    /// <returns>It, and no problems; or every mistake of the changed text.</returns>
    /// <exception cref="XrmException">400: the request is not understood; 404: there is no such rule.</exception>
    public async Task<(RuleVariant? Variant, ImmutableArray<Problem> Problems)> MakeAsync(RuleChange change, CancellationToken ct)
    {
        var published = current.Value;
        var entity = RuleTracing.FindEntity(published.Model, change.Entity);
        if (change.Rule is null == change.Field is null) throw Wrong("rule", "required", "Name either a rule or a field.");
        if (change.Field is { } field) return await FormulaAsync(published, entity, field, change.Formula, ct);
        var rule = entity.Rules.FirstOrDefault(one => one.Name == change.Rule);
        if (change.Definition is { } definition) return await DefinitionAsync((published, entity, rule), definition, change.Script, ct);
        rule ??= RuleEndpoints.Find(published.Model, entity.Name, change.Rule!);
        if (change.Script is null && change.When is null) return (new RuleVariant(published, entity, rule, null, published), []);
        if (rule.Decision is not null) throw Wrong("script", "not_a_script", $"{entity.Name}.{rule.Name} has no script: send definition.");
        var next = published;
        if (change.When is { } when)
        {
            var (other, problems) = await CompileAsync(published, await FileOfAsync(rule, ct), node => Named(node, rule.Name)["when"] = when.Length == 0 ? null : when, ct);
            if (other is null) return (null, problems);
            next = other;
        }
        var changed = next.Model.FindEntity(entity.Name)!;
        return await WithTextAsync(new RuleVariant(next, changed, changed.Rules.First(one => one.Name == rule.Name), null, published), change.Script, ct);
    }

    /// <summary>The same with another text of the script; the file stays the author's.</summary>
    private async Task<(RuleVariant?, ImmutableArray<Problem>)> WithTextAsync(RuleVariant variant, string? text, CancellationToken ct)
    {
        if (text is null) return (variant, []);
        var rule = variant.Rule! with { Script = variant.Rule!.Script! with { Text = text } };
        return await scripts.CheckAsync(rule.Script!, ct) is { } problem ? (null, [problem]) : (variant with { Rule = rule }, []);
    }

    private async Task<(RuleVariant?, ImmutableArray<Problem>)> FormulaAsync(PublishedModel published, Entity entity, string name, string? formula, CancellationToken ct)
    {
        var field = entity.FindField(name) ?? throw Wrong("field", "unknown", $"{entity.Name} has no field {name}.");
        if (field.Formula is null) throw Wrong("field", "not_computed", $"{field} is not computed by a formula.");
        if (string.IsNullOrWhiteSpace(formula)) throw Wrong("formula", "required", "Write the formula.");
        var (next, problems) = await CompileAsync(published, field.Location, node => node["formula"] = formula, ct);
        if (next is null) return (null, problems);
        var changed = next.Model.FindEntity(entity.Name)!.FindField(name)!;
        // Its column holds what the former formula gave, or is not there at all: others that ask for it have to compute it.
        return (new RuleVariant(next.WithUnfilled([changed]), changed.Entity, null, changed, published), []);
    }

    private async Task<(RuleVariant?, ImmutableArray<Problem>)> DefinitionAsync((PublishedModel Published, Entity Entity, Rule? Rule) at, JsonElement definition, string? script, CancellationToken ct)
    {
        var (published, entity, rule) = at;
        if (definition.ValueKind != JsonValueKind.Object) throw Wrong("definition", "wrong_type", "The definition must be an object.");
        var json = JsonNode.Parse(definition.GetRawText())!.AsObject();
        if (json["name"]?.GetValueKind() != JsonValueKind.String) throw Wrong("definition", "required", "The definition has no name.");
        var (name, file) = (json["name"]!.GetValue<string>(), json["script"]?.ToString());
        if (file is null == (script is not null) || (file is null && rule is { Decision: null })) throw Wrong("definition", "not_a_decision", "A rule with a script has script in its definition, and its text beside it; others have neither.");
        // The text is what runs, be it compiled or not: as a file of its own it replaces none.
        var trial = $"{entity.Name}.{name}.trial.js";
        if (file is not null) json["script"] = trial;
        ImmutableArray<byte>? text = script is null ? null : [.. Encoding.UTF8.GetBytes(script)];
        var (next, problems) = rule is not null
            ? await CompileAsync(published, await FileOfAsync(rule, ct), node => Named(node, rule.Name).ReplaceWith(json), ct, text is { } bytes ? ($"rules/{trial}", bytes) : null)
            : await CompileAsync(published, entity.Location with { Path = "$" }, node => Append(node, json), ct, text is { } added ? ($"rules/{trial}", added) : null);
        if (next is null) return (null, problems);
        var changed = next.Model.FindEntity(entity.Name)!;
        var made = changed.Rules.First(one => one.Name == name);
        if (made.Script is not { } runs) return (new RuleVariant(next, changed, made, null, published), []);
        var place = made.Location with { File = $"rules/{file}" };
        return await WithTextAsync(new RuleVariant(next, changed, made with { Location = place, Script = runs with { Location = place } }, null, published), script, ct);
    }

    /// <summary>The file in which a rule is declared.</summary>
    private async Task<SourceLocation> FileOfAsync(Rule rule, CancellationToken ct)
    {
        var (_, packages) = await store.ReadAsync(ct);
        var content = packages.First(package => package.Name == rule.Location.Package).Content;
        var file = new[] { $"entities/{rule.Entity.Name}.json", $"extensions/{rule.Entity.Name}.json" }
            .First(file => content.TryGetValue(file, out var bytes) && JsonNode.Parse(bytes.AsSpan())?["rules"] is JsonArray rules && rules.Any(one => IsNamed(one, rule.Name)));
        return new SourceLocation(rule.Location.Package, file) { Path = "$" };
    }

    private static JsonNode Named(JsonNode entity, string rule) => entity["rules"]!.AsArray().First(one => IsNamed(one, rule))!;

    private static bool IsNamed(JsonNode? rule, string name) => rule?["name"]?.ToString() == name;

    private static void Append(JsonNode entity, JsonObject rule)
    {
        if (entity["rules"] is JsonArray rules) rules.Add(rule);
        else entity["rules"] = new JsonArray(rule);
    }

    /// <summary>Compiles the published packages with a change at one place.</summary>
    private async Task<(PublishedModel? Next, ImmutableArray<Problem> Problems)> CompileAsync(PublishedModel published, SourceLocation place, Action<JsonNode> change, CancellationToken ct, (string Path, ImmutableArray<byte> Content)? added = null)
    {
        var (_, packages) = await store.ReadAsync(ct);
        var changed = packages.Select(package =>
        {
            if (package.Name != place.Package) return package;
            var content = package.Content.SetItem(place.File, Changed(package, place, change));
            return package with { Content = added is { } file ? content.SetItem(file.Path, file.Content) : content };
        });
        var (model, formulas, problems) = new ModelLoader(store, compiler).Compile(changed);
        return formulas is null ? (null, problems) : (new PublishedModel(model!, formulas, published.Version), []);
    }

    private static ImmutableArray<byte> Changed(PackageFiles package, SourceLocation place, Action<JsonNode> change)
    {
        var file = JsonNode.Parse(package.Content[place.File].AsSpan())!;
        var node = Step().Matches(place.Path).Aggregate(file, (at, step) => step.Groups["index"] is { Success: true } index ? at[int.Parse(index.Value, System.Globalization.CultureInfo.InvariantCulture)]! : at[step.Groups["name"].Value]!);
        change(node);
        return [.. Encoding.UTF8.GetBytes(file.ToJsonString())];
    }

    private static XrmException Wrong(string field, string code, string message) => XrmException.Invalid([new FieldError(field, code, message)]);

    [GeneratedRegex(@"\.(?<name>\w+)|\[(?<index>\d+)\]", RegexOptions.CultureInvariant)]
    private static partial Regex Step();
}

/// <summary>What a dry run tries.</summary>
/// <param name="Published">The model with the change.</param>
/// <param name="Entity">The entity in it.</param>
/// <param name="Rule">The rule; null where a formula is tried.</param>
/// <param name="Field">The field with the new formula; null where a rule is tried.</param>
/// <param name="Present">The model in force.</param>
internal sealed record RuleVariant(PublishedModel Published, Entity Entity, Rule? Rule, Field? Field, PublishedModel Present);
