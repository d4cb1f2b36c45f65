using System.Collections.Immutable;
using Xrm.Data;
using Xrm.Formulas;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Uses;
using Xrm.Scripting;

namespace Xrm.Server.Features.Publish;

/// <summary>
/// Finds what a publish leaves speaking of fields, options and roles that it removes, where nothing refuses that: names in scripts,
/// which are only likely mentions, and roles in formulas. Everything else that names them is refused as a mistake.
/// </summary>
internal sealed class RemovedMentions(CurrentModel current)
{
    /// <summary>One warning for each place.</summary>
    public Task<ImmutableArray<Problem>> FindAsync(Model next, FormulaSet formulas, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var before = current.Value.Model;
        var roles = before.Roles.Keys.Where(role => !next.Roles.ContainsKey(role)).Select(Element.OfRole).ToHashSet();
        var found = roles.Count == 0 ? [] : FormulaReferences.Of(next, formulas).Where(reference => roles.Contains(reference.Of)).ToList();
        var gone = before.Entities.SelectMany(former => Gone(former, next)).Concat(roles).ToHashSet();
        // The scripts to come, read with the names that there were.
        if (gone.Count > 0) found.AddRange(ScriptEngine.References(next, before).Where(reference => gone.Contains(reference.Of)));
        return Task.FromResult<ImmutableArray<Problem>>([.. found.Distinct().Select(Warning)]);
    }

    private static IEnumerable<Element> Gone(Entity former, Model next)
    {
        var entity = next.FindEntity(former.Name) ?? next.Entities.FirstOrDefault(entity => entity.Source.RenamedFrom == former.Name);
        return entity is null ? [Element.OfEntity(former.Name)] : former.Fields.SelectMany(field => Gone(field, entity.FindField(field.Name)));
    }

    private static IEnumerable<Element> Gone(Field former, Field? field)
    {
        var options = former.Options.Select(option => option.Value.ToString());
        return field is null
            ? options.Select(option => Element.OfOption(former, option)).Prepend(Element.OfField(former))
            : options.Except(field.Options.Select(option => option.Value.ToString())).Select(option => Element.OfOption(former, option));
    }

    private static Problem Warning(Reference reference) => reference.IsLikely
        ? new Problem("removed_mentioned", reference.Location, $"The script probably speaks of {reference.Of}, which this publish removes.", "Look at the line, and change it where it means that.")
        : new Problem("removed_mentioned", reference.Location, $"The formula asks for the role {reference.Of}, which this publish removes.", "Nobody has that role any more: ask for another one.");
}
