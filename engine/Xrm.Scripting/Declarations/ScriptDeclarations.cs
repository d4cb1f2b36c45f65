using System.Text;
using Xrm.Metadata.Compiled;

namespace Xrm.Scripting.Declarations;

/// <summary>TypeScript declarations of all that scripts see: for the compiler, and for editors that help to write scripts.</summary>
public static class ScriptDeclarations
{
    /// <summary>The built-ins of JavaScript that scripts have: what stands in for the compiler's own library.</summary>
    public static string Library { get; } = Read("library.d.ts");

    /// <summary>The functions and values that every script sees which runs on the server.</summary>
    public static string Functions { get; } = Read("common.d.ts") + "\n" + Read("functions.d.ts");

    /// <summary>The functions and values that scripts of forms see.</summary>
    public static string FormFunctions { get; } = Read("common.d.ts") + "\n" + Read("form.d.ts");

    /// <summary>One interface for each entity of the model, and <c>Entities</c>, which has them by entity name, as <c>Settings</c> has those of settings.</summary>
    public static string Entities(Model model)
    {
        var text = new StringBuilder();
        foreach (var entity in model.Entities) text.Append(EntityDeclaration.Of(entity)).Append('\n');
        text.Append("/** Records by the name of their entity. */\ninterface Entities {\n");
        foreach (var entity in model.Entities) text.Append($"  {entity.Name}: {EntityDeclaration.NameOf(entity)};\n");
        text.Append("}\n\n/** The records of entities that have exactly one. */\ninterface Settings {\n");
        foreach (var entity in model.Entities.Where(entity => entity.IsSettings)) text.Append($"  {entity.Name}: {EntityDeclaration.NameOf(entity)};\n");
        return text.Append("}\n").ToString();
    }

    /// <summary>What <c>record</c>, <c>previous</c> and <c>parameters</c> are.</summary>
    /// <param name="entity">The rule's entity; null where it is not known, and the record may have any properties.</param>
    /// <param name="actions">The actions that run the script; without any, there may be parameters of any name.</param>
    public static string Context(Entity? entity, IReadOnlyCollection<ScriptAction> actions)
    {
        var record = entity is null ? "{ [field: string]: any }" : EntityDeclaration.NameOf(entity);
        var fields = entity is null ? "string" : EntityDeclaration.FieldNames(entity);
        return $"""
            /** The record after the change; assign to change it. */
            declare const record: {record};
            /** The record before the change; null while it is created. */
            declare const previous: Readonly<{record}> | null;
            /** Names of the record's fields. */
            type RecordField = {fields};

            """.ReplaceLineEndings("\n") + ParameterDeclaration.Of(actions);
    }

    /// <summary>What <c>record</c> and <c>previous</c> are in a form.</summary>
    /// <param name="entity">The form's entity; null where it is not known, and the record may have any properties.</param>
    public static string FormContext(Entity? entity)
    {
        var record = entity is null ? "{ [field: string]: any }" : $"InForm<{EntityDeclaration.NameOf(entity)}>";
        var fields = entity is null ? "string" : EntityDeclaration.FieldNames(entity);
        return $"""
            /** The record as the form shows it; assign to change it. */
            declare const record: {record};
            /** The record as it is stored; null for a new one. */
            declare const previous: Readonly<{record}> | null;
            /** Names of the record's fields. */
            type RecordField = {fields};

            """.ReplaceLineEndings("\n");
    }

    /// <summary>All of it in one text, for editors; these bring the built-ins themselves.</summary>
    /// <param name="model">The model.</param>
    /// <param name="entity">What <c>record</c> is; null where any.</param>
    /// <param name="action">Whose <c>parameters</c> there are; null where any.</param>
    public static string ForEditor(Model model, Entity? entity, ScriptAction? action) => $"{Context(entity, action is null ? [] : [action])}\n{Functions}\n{Entities(model)}";

    private static string Read(string name)
    {
        using var stream = typeof(ScriptDeclarations).Assembly.GetManifestResourceStream($"Xrm.Scripting.Declarations.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
