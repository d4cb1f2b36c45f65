using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Errors;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Features.Changes;

/// <summary>Of which changes a client wants to hear, and what of them.</summary>
/// <param name="Entities">Names of entities; null for all that the caller may read.</param>
/// <param name="Select">Names of properties whose values come with a change; empty for none.</param>
internal sealed record ChangeWish(ImmutableHashSet<string>? Entities, ImmutableHashSet<string> Select)
{
    private const int MostNames = 300;

    /// <summary>Reads <c>entities</c> and <c>select</c>.</summary>
    /// <exception cref="XrmException">400: a name is unknown; 403: the caller may not read one of the entities.</exception>
    public static ChangeWish Read(HttpRequest request, Model model, Caller caller)
    {
        if (request.Query.Keys.FirstOrDefault(key => key is not ("entities" or "select")) is { } strange) throw new XrmException("query_not_understood", 400, $"There is no option '{strange}'. There are entities and select.");
        var entities = Names("entities").Select(name => Entity(model, caller, name)).ToImmutableArray();
        var select = Names("select").ToImmutableHashSet(StringComparer.Ordinal);
        IEnumerable<Entity> asked = entities.IsEmpty ? model.Entities : entities;
        if (select.FirstOrDefault(name => !asked.Any(entity => entity.FindColumn(name) is not null)) is { } unknown)
            throw new XrmException("unknown_field", 400, $"None of these entities has a property '{unknown}'.", [new FieldError(unknown, "unknown_field", "There is no such property.")]);
        return new ChangeWish(entities.IsEmpty ? null : [.. entities.Select(entity => entity.Name)], select);

        string[] Names(string option)
        {
            var names = request.Query[option].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return names.Length <= MostNames ? names : throw new XrmException("query_too_large", 400, $"{option} may have {MostNames} names.");
        }
    }

    private static Entity Entity(Model model, Caller caller, string name)
    {
        var entity = model.FindEntity(name) ?? model.FindCollection(name) ?? throw new XrmException("unknown_collection", 400,
            $"There is no entity '{name}'.{(Xrm.Metadata.Names.Nearest(name, model.Entities.Select(each => each.Name)) is { } near ? $" Did you mean '{near}'?" : "")}");
        return caller.Can(entity, Operation.Read) ? entity : throw new XrmException("no_right", 403, $"You may not see {entity.PluralLabel}.");
    }
}
