using Xrm.Metadata.Compiled.Building;
using Xrm.Metadata.Merging;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Uses;

/// <summary>What views, forms, apps, roles, workflows and actions name.</summary>
internal static class ApplicationReferences
{
    public static void AddTo(ReferenceList list, InFile<View> view)
    {
        var entity = list.Entity(view.Value.Entity, view.At("$.entity"));
        list.Paths(entity, view.Value.Columns, new Origin(view.File, "$.columns"));
        list.Sorts(entity, view.Value.Sort, new Origin(view.File, "$.sort"));
    }

    public static void AddTo(ReferenceList list, InFile<Form> form)
    {
        var entity = list.Entity(form.Value.Entity, form.At("$.entity"));
        list.Fields(entity, form.Value.Header, new Origin(form.File, "$.header"));
        for (var t = 0; t < form.Value.Tabs.Length; t++)
            for (var s = 0; s < form.Value.Tabs[t].Sections.Length; s++)
                list.Fields(entity, [.. form.Value.Tabs[t].Sections[s].Fields.Select(field => field.Field)], new Origin(form.File, $"$.tabs[{t}].sections[{s}].fields"));
    }

    public static void AddTo(ReferenceList list, InFile<App> app)
    {
        list.Roles(app.Value.Roles, new Origin(app.File, "$.roles"));
        for (var g = 0; g < app.Value.Navigation.Length; g++)
            for (var i = 0; i < app.Value.Navigation[g].Items.Length; i++)
                list.Entity(app.Value.Navigation[g].Items[i].Entity, app.At($"$.navigation[{g}].items[{i}].entity"));
    }

    public static void AddTo(ReferenceList list, InFile<Role> role)
    {
        foreach (var entity in role.Value.Entities.Keys) list.Entity(entity, role.At(JsonScan.Append("$.entities", entity)));
    }

    public static void AddTo(ReferenceList list, InFile<Workflow> workflow)
    {
        var entity = list.Entity(workflow.Value.Entity, workflow.At("$.entity"));
        list.Fields(entity, workflow.Value.Trigger.Fields, new Origin(workflow.File, "$.trigger.fields"));
        list.Roles(workflow.Value.Trigger.Roles, new Origin(workflow.File, "$.trigger.roles"));
        foreach (var (step, path) in WorkflowBuilder.Steps(workflow.Value.Steps, "$.steps"))
        {
            var created = list.Entity(step.Entity, workflow.At($"{path}.entity"));
            list.Values(step.Type == "set" ? entity : created, step.Values, new Origin(workflow.File, $"{path}.values"));
        }
    }

    public static void AddTo(ReferenceList list, InFile<ScriptAction> action)
    {
        list.Entity(action.Value.Entity, action.At("$.entity"));
        list.Add(Element.OfScript(action.Value.Script), action.At("$.script"));
        list.Roles(action.Value.Roles, new Origin(action.File, "$.roles"));
        for (var p = 0; p < action.Value.Parameters.Length; p++) list.Entity(action.Value.Parameters[p].Target, action.At($"$.parameters[{p}].target"));
    }
}
