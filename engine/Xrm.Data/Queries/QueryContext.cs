using Xrm.Data.Access;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;

namespace Xrm.Data.Queries;

/// <summary>What a query is planned against. It knows whether anybody asked for the time, without which a plan holds for longer than its request.</summary>
/// <param name="published">The model of the request.</param>
/// <param name="caller">Who asks.</param>
/// <param name="utcNow">The moment of the request, in UTC.</param>
public sealed class QueryContext(PublishedModel published, Caller caller, DateTime utcNow)
{
    /// <summary>The model of the request.</summary>
    public PublishedModel Published => published;

    /// <summary>Who asks.</summary>
    public Caller Caller => caller;

    /// <summary>The moment of the request, in UTC; what <c>now()</c> means in formulas.</summary>
    public DateTime UtcNow
    {
        get
        {
            IsOfMoment = true;
            return utcNow;
        }
    }

    /// <summary>Something that was planned or written with it depends on the moment of the request.</summary>
    public bool IsOfMoment { get; private set; }

    /// <summary>The same moment for another caller.</summary>
    public QueryContext For(Caller other) => new(published, other, utcNow);

    /// <summary>The same caller at a later moment.</summary>
    public QueryContext Later(TimeSpan by) => new(published, caller, utcNow + by);

    /// <summary>The entity of a collection.</summary>
    /// <exception cref="Errors.XrmException">404 <c>unknown_collection</c>.</exception>
    public Entity Collection(string plural) => Published.Model.FindCollection(plural)
        ?? throw QueryProblems.UnknownCollection(plural, Names.Nearest(plural, Published.Model.Entities.Select(entity => entity.Plural)));
}
