using System.Text.Json.Nodes;
using Xrm.Data.Access;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Features.OpenApi;

/// <summary>The paths of one entity that a caller may use.</summary>
internal sealed class EntityPaths(Model model, Caller caller, Entity entity, EntityRights rights)
{
    public void AddTo(JsonObject paths)
    {
        var collection = new JsonObject();
        if (rights.Read) collection["get"] = List();
        if (rights.Create) collection["post"] = Create();
        if (rights is { Read: true, Update: true }) collection["patch"] = ChangeMany("update", "change all that fulfil a condition", Request(EntitySchemas.Ref($"{entity.Name}.input")));
        if (rights is { Read: true, Delete: true }) collection["delete"] = ChangeMany("delete", "delete all that fulfil a condition", null);
        Add(paths, $"/api/data/{entity.Plural}", collection);
        if (rights.Import) paths[$"/api/data/{entity.Plural}/$import"] = new JsonObject { ["post"] = ImportOperation.Of(entity) };
        if (rights.Read) paths[$"/api/data/{entity.Plural}/$count"] = new JsonObject { ["get"] = Count() };
        if (rights.Read) paths[$"/api/data/{entity.Plural}/$delta"] = new JsonObject { ["get"] = Delta() };
        var one = new JsonObject();
        if (rights.Read) one["get"] = Get();
        if (rights.Update) one["patch"] = Update();
        if (rights.Delete) one["delete"] = Delete();
        Add(paths, $"/api/data/{entity.Plural}/{{id}}", one);
        if (rights.Read) AddNavigation(paths);
        if (rights.Update) AddActions(paths);
    }

    private static void Add(JsonObject paths, string path, JsonObject operations)
    {
        if (operations.Count == 0) return;
        if (path.EndsWith("{id}", StringComparison.Ordinal)) operations.Insert(0, "parameters", new JsonArray(Parameter("id")));
        paths[path] = operations;
    }

    private void AddActions(JsonObject paths)
    {
        if (entity.HasRecycleBin && rights.Read && entity.Lifecycle?.Find("restore") is null)
            AddAction(paths, "restore", $"Restore a {entity.Label} from the recycle bin", Answers("200", Body(EntitySchemas.Ref(entity.Name)), "404", "409"));
        foreach (var transition in entity.Lifecycle?.Transitions.Where(transition => caller.HasAny(transition.Roles)) ?? [])
            AddAction(paths, transition.Name, transition.Label, Answers("200", Body(EntitySchemas.Ref(entity.Name)), "404", "409"));
        foreach (var workflow in model.Workflows.Where(workflow => workflow.Entity == entity && workflow.Source.Trigger.On.Contains("button") && caller.HasAny(workflow.Source.Trigger.Roles)))
            AddAction(paths, workflow.Source.Name, workflow.Source.Label ?? workflow.Source.Name, Answers("202", Body(EntitySchemas.Ref("run")), "404"));
        foreach (var action in model.Actions.Where(action => action.Entity == entity && caller.MayRun(action)))
            AddAction(paths, action.Name, action.Label, Answers("200", Body(EntitySchemas.Ref(entity.Name)), "400", "404", "409", "422"), ActionSchemas.Body(action));
    }

    private void AddAction(JsonObject paths, string name, string label, JsonObject answers, JsonObject? body = null)
    {
        var operation = Operation($"{entity.Name}_{name}", label, answers);
        if (body is not null) operation["requestBody"] = body;
        var path = $"/api/data/{entity.Plural}/{{id}}/{name}";
        // Related records may have the name of an action.
        if (paths[path] is JsonObject known) known["post"] = operation;
        else paths[path] = new JsonObject { ["parameters"] = new JsonArray(Parameter("id")), ["post"] = operation };
    }

    private JsonObject List()
    {
        var operation = Operation($"list_{entity.Plural}", entity.PluralLabel, Answers("200", Body(Page(entity)), "400", "403"));
        operation["parameters"] = new JsonArray([.. new[] { "select", "filter", "orderby", "expand", "search", "compute", "apply", "top", "skip", "count", "prefer", "format" }.Select(Parameter), View()]);
        operation["responses"]!["200"]!["content"]!["text/csv"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        return operation;
    }

    private static JsonObject Page(Entity of) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["@odata.context"] = new JsonObject { ["type"] = "string" },
            ["@odata.count"] = new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            ["value"] = new JsonObject { ["type"] = "array", ["items"] = EntitySchemas.Ref(of.Name) },
            ["@odata.nextLink"] = new JsonObject { ["type"] = "string" },
        },
    };

    /// <summary>What hangs on a record: children, links, records that point to it, and those that its lookups point to.</summary>
    private void AddNavigation(JsonObject paths)
    {
        foreach (var field in entity.Fields.Where(caller.CanReadField))
        {
            if (field.Child is not null) AddRelated(paths, field.Name, field.Label, field.FarSide?.Targets[0] ?? field.Child, isList: true);
            else if (field.IsSingleLookup && field.Column is not null) AddRelated(paths, field.Name, field.Label, field.Targets[0], isList: false);
        }
        foreach (var lookup in entity.IncomingLookups.Where(lookup => lookup.Source.Inverse is not null && caller.CanReadField(lookup)))
            AddRelated(paths, lookup.Source.Inverse!.Name, lookup.Entity.PluralLabel, lookup.Entity, isList: true);
    }

    private void AddRelated(JsonObject paths, string name, string label, Entity far, bool isList)
    {
        if (!EntityRights.Of(caller, far).Read) return;
        var operation = isList
            ? Operation($"{entity.Name}_list_{name}", label, Answers("200", Body(Page(far)), "400", "403", "404"))
            : Operation($"{entity.Name}_get_{name}", label, Answers("200", Body(EntitySchemas.Ref(far.Name)), "403", "404"));
        if (!isList) operation["responses"]!["204"] = new JsonObject { ["description"] = "It points to no record." };
        string[] options = isList ? ["select", "filter", "orderby", "expand", "search", "compute", "top", "skip", "count", "prefer"] : ["select", "expand"];
        operation["parameters"] = new JsonArray([.. options.Select(Parameter)]);
        paths[$"/api/data/{entity.Plural}/{{id}}/{name}"] = new JsonObject { ["parameters"] = new JsonArray(Parameter("id")), ["get"] = operation };
    }

    private JsonObject View()
    {
        var names = model.Views.Where(view => view.Entity == entity).Select(view => JsonValue.Create(view.Name)).ToArray<JsonNode?>();
        var schema = new JsonObject { ["type"] = "string" };
        if (names.Length > 0) schema["enum"] = new JsonArray(names);
        return new JsonObject { ["name"] = "view", ["in"] = "query", ["description"] = "A view whose filter and order apply.", ["schema"] = schema };
    }

    private JsonObject Count()
    {
        var text = new JsonObject { ["description"] = "The number of records.", ["content"] = new JsonObject { ["text/plain"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "integer" } } } };
        var operation = Operation($"count_{entity.Plural}", $"{entity.PluralLabel}: number", Answers("200", text, "400", "403"));
        operation["parameters"] = new JsonArray(Parameter("filter"), Parameter("search"), View());
        return operation;
    }

    private JsonObject Delta()
    {
        var delta = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["value"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["anyOf"] = new JsonArray(EntitySchemas.Ref(entity.Name), EntitySchemas.Ref("removed")) } },
                ["@odata.nextLink"] = new JsonObject { ["type"] = "string" },
                ["@odata.deltaLink"] = new JsonObject { ["type"] = "string" },
            },
        };
        var operation = Operation($"delta_{entity.Plural}", $"{entity.PluralLabel}: changes", Answers("200", Body(delta), "400", "403", "410"));
        operation["description"] = "How a list has changed. The URL comes as @odata.deltaLink of a list that is asked for with Prefer: odata.track-changes.";
        operation["parameters"] = new JsonArray(Parameter("select"), Parameter("filter"), View(), Parameter("token"), Parameter("prefer"));
        return operation;
    }

    private JsonObject Get()
    {
        var operation = Operation($"get_{entity.Name}", entity.Label, Answers("200", Body(EntitySchemas.Ref(entity.Name)), "403", "404"));
        if (ByKey() is { Length: > 0 } byKey) operation["description"] = byKey.TrimStart();
        operation["parameters"] = new JsonArray(Parameter("select"), Parameter("expand"));
        return operation;
    }

    private JsonObject Create()
    {
        var input = new JsonObject { ["allOf"] = new JsonArray(EntitySchemas.Ref($"{entity.Name}.input")) };
        var required = EntitySchemas.Required(caller, entity);
        if (required.Count > 0) input["required"] = required;
        var operation = Operation($"create_{entity.Name}", $"{entity.Label}: create", Answers("201", Written(), "400", "403", "409", "413"));
        operation["description"] = "An array creates up to 10000 records, all or none; with Prefer: odata.continue-on-error each that is right. The answer (200) has a row for each.";
        operation["parameters"] = new JsonArray(Parameter("idempotencyKey"));
        operation["responses"]!["200"] = Body(EntitySchemas.Ref("rows"));
        operation["requestBody"] = Request(new JsonObject { ["oneOf"] = new JsonArray(input, new JsonObject { ["type"] = "array", ["maxItems"] = 10_000, ["items"] = EntitySchemas.Ref($"{entity.Name}.input") }) });
        return operation;
    }

    private JsonObject Update()
    {
        var operation = Operation($"update_{entity.Name}", $"{entity.Label}: update", Answers("200", Written(), "400", "403", "404", "409", "412"));
        operation["description"] = "Without If-Match, a record that is not there is created with these values (201)." + ByKey();
        operation["parameters"] = new JsonArray(Parameter("ifMatch"), Parameter("ifNoneMatch"), Parameter("idempotencyKey"));
        operation["requestBody"] = Request(EntitySchemas.Ref($"{entity.Name}.input"));
        return operation;
    }

    private JsonObject ChangeMany(string verb, string summary, JsonObject? body)
    {
        var job = Body(EntitySchemas.Ref("job"));
        job["description"] = "A job will do it; Location says where it stands.";
        var operation = Operation($"{verb}_many_{entity.Plural}", $"{entity.PluralLabel}: {summary}", Answers("202", job, "400", "403", "429"));
        operation["description"] = "Done in the background, record by record, as if each were written alone. Without a condition it is refused, unless all=true. preview=true answers how many records there are, and does nothing.";
        operation["parameters"] = new JsonArray(Parameter("filter"), Parameter("search"), View(), Parameter("all"), Parameter("preview"), Parameter("idempotencyKey"));
        if (body is not null) operation["requestBody"] = body;
        else if (entity.HasRecycleBin) operation["parameters"]!.AsArray().Add(Parameter("deleted"));
        return operation;
    }

    private JsonObject Delete()
    {
        var operation = Operation($"delete_{entity.Name}", $"{entity.Label}: delete", Answers("204", new JsonObject { ["description"] = "Deleted." }, "403", "404", "409", "412"));
        if (ByKey() is { Length: > 0 } byKey) operation["description"] = byKey.TrimStart();
        operation["parameters"] = new JsonArray(Parameter("ifMatch"), Parameter("idempotencyKey"));
        if (entity.HasRecycleBin) operation["parameters"]!.AsArray().Add(Parameter("deleted"));
        return operation;
    }

    /// <summary>How a record is named without its id; with a space before it, empty where there is no other way.</summary>
    private string ByKey() => entity.Keys.IsEmpty ? "" : " In place of the id, also by key: "
        + string.Join(", ", entity.Keys.Select(key => $"/api/data/{entity.Plural}({string.Join(',', key.Fields.Select(field => $"{field.Columns[0].Name}=…"))})")) + ".";

    private JsonObject Written() => rights.Read ? Body(EntitySchemas.Ref(entity.Name)) : new JsonObject { ["description"] = "Done." };

    private JsonObject Operation(string id, string summary, JsonObject answers) =>
        new() { ["operationId"] = id, ["summary"] = summary, ["tags"] = new JsonArray(entity.PluralLabel), ["responses"] = answers };

    private static JsonObject Answers(string status, JsonObject answer, params string[] problems)
    {
        var answers = new JsonObject { [status] = answer };
        foreach (var problem in problems) answers[problem] = new JsonObject { ["$ref"] = "#/components/responses/problem" };
        return answers;
    }

    private static JsonObject Body(JsonObject schema) =>
        new() { ["description"] = "Done.", ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } } };

    private static JsonObject Request(JsonObject schema) =>
        new() { ["required"] = true, ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } } };

    private static JsonNode Parameter(string name) => new JsonObject { ["$ref"] = $"#/components/parameters/{name}" };
}
