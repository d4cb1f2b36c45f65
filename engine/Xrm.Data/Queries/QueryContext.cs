using Xrm.Data.Access;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Queries;

/// <summary>What a query is planned against.</summary>
/// <param name="Published">The model of the request.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="UtcNow">The moment of the request, in UTC; what <c>now()</c> means in formulas.</param>
public sealed record QueryContext(PublishedModel Published, Caller Caller, DateTime UtcNow)
{
    /// <summary>The entity of a collection.</summary>
    /// <exception cref="Errors.XrmException">404 <c>unknown_collection</c>.</exception>
    public Entity Collection(string plural) => Published.Model.FindCollection(plural)
        ?? throw QueryProblems.UnknownCollection(plural, Names.Nearest(plural, Published.Model.Entities.Select(entity => entity.Plural)));
}
