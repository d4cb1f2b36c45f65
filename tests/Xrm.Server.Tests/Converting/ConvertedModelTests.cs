using System.Text.Json;
using Xrm.Data;
using Xrm.Data.Publishing;
using Xrm.Metadata.Converting.Cdm;
using Xrm.TestKit;
using Xunit.Abstractions;

namespace Xrm.Server.Tests.Converting;

/// <summary>A real model, converted and published, through the API; where it lies beside the repository.</summary>
public sealed class ConvertedModelTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_entity_takes_a_record_with_its_required_fields_alone_and_can_be_shown()
    {
        if (Repository.FindShared("common-data-model") is not { } folder)
        {
            output.WriteLine("Not run: there is no folder shared/data/common-data-model beside the repository.");
            return;
        }
        var (files, report) = await CdmConverter.ConvertAsync(folder, new CdmOptions("cdm"), CancellationToken.None);
        await using var app = await TestApplication.StartAsync("cdm", files);
        var client = await app.ClientAsync();

        var (_, exported) = await app.Get<PackageStore>().ReadAsync(CancellationToken.None);
        Assert.Equal(files.Hash(), Assert.Single(exported).Hash());
        Assert.Empty(await FillAsync(client, app.Get<CurrentModel>().Value.Model, report.CreationOrder));
        var application = await client.GetAsync("/api/metadata/application");
        Assert.Equal(200, application.Status);
        Assert.Empty(NotShown(application.Json));
    }

    private static async Task<List<string>> FillAsync(TestClient client, Xrm.Metadata.Compiled.Model model, IReadOnlyCollection<string> order)
    {
        Assert.Equal(model.Entities.Select(entity => entity.Name).Order(), order.Order());
        var ids = new Dictionary<string, Guid>();
        var refused = new List<string>();
        foreach (var entity in order.Select(name => model.FindEntity(name)!))
        {
            var created = await client.PostAsync($"/api/data/{entity.Plural}", SampleRecord.RequiredOnly(entity, ids).ToJsonString());
            if (created.Status != 201)
            {
                refused.Add($"{entity.Name}: {created.Status} {created["detail"]} {created.Errors}");
                ids[entity.Name] = Guid.Empty;
                continue;
            }
            ids[entity.Name] = Guid.Parse(created["id"]!);
            var read = await client.GetAsync($"/api/data/{entity.Plural}/{ids[entity.Name]}");
            if (read.Status != 200 || read["id"] != created["id"]) refused.Add($"{entity.Name}: not read, {read.Status} {read["detail"]}");
        }
        return refused;
    }

    // What the screens would miss: an entity without a form or a view, or a field that its entity does not have.
    private static List<string> NotShown(JsonElement application)
    {
        var missing = new List<string>();
        foreach (var entity in application.GetProperty("entities").EnumerateArray())
        {
            var name = entity.GetProperty("name").GetString()!;
            var fields = entity.GetProperty("fields").EnumerateArray().Select(field => field.GetProperty("name").GetString()).ToHashSet();
            var forms = Of("forms", name).ToList();
            var views = Of("views", name).ToList();
            if (forms.Count == 0) missing.Add($"{name} has no form");
            if (views.Count == 0) missing.Add($"{name} has no view");
            var used = forms.SelectMany(FieldsOfForm).Concat(views.SelectMany(view => view.GetProperty("columns").EnumerateArray().Select(column => column.GetString())));
            missing.AddRange(used.Where(field => !fields.Contains(field!.Split('.')[0])).Select(field => $"{name} has no {field}"));
        }
        return missing;

        IEnumerable<JsonElement> Of(string kind, string entity) =>
            application.GetProperty(kind).EnumerateArray().Where(each => each.GetProperty("entity").GetString() == entity);
    }

    private static IEnumerable<string?> FieldsOfForm(JsonElement form) =>
        from tab in form.GetProperty("tabs").EnumerateArray()
        from section in tab.GetProperty("sections").EnumerateArray()
        from field in section.GetProperty("fields").EnumerateArray()
        select field.GetProperty("field").GetString();
}
