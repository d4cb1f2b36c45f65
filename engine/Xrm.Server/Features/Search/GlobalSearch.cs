using System.Collections.Immutable;
using System.Globalization;
using Xrm.Data.Queries;
using Xrm.Metadata.Compiled;
using Xrm.Server.Localization;

namespace Xrm.Server.Features.Search;

/// <summary>Searches all entities that the caller may see, a few at a time, for a limited time.</summary>
internal sealed class GlobalSearch(SearchReader reader, TimeProvider time)
{
    /// <summary>Entities that one search looks into.</summary>
    public const int MostEntities = 40;

    private const int AtOnce = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Searches.</summary>
    /// <param name="wanted">What for.</param>
    /// <param name="entities">Where; those that the caller may not see are left out.</param>
    /// <param name="top">Most records of the answer.</param>
    /// <param name="context">Model, caller and time.</param>
    /// <param name="texts">Language of the labels.</param>
    /// <param name="ct">Cancels the search.</param>
    public async Task<SearchAnswer> FindAsync(SearchNode wanted, IEnumerable<Entity> entities, int top, QueryContext context, Texts texts, CancellationToken ct)
    {
        var searches = entities.Select(entity => EntitySearch.Of(entity, wanted, context)).OfType<EntitySearch>().ToImmutableArray();
        using var deadline = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        var searched = searches[..Math.Min(searches.Length, MostEntities)];
        var found = await FindAsync(searched, similar: false, stop.Token, ct);
        // What took too long may have the words.
        var isSimilar = found.TrueForAll(one => one.Hits is { Count: 0 });
        if (isSimilar) found = await FindAsync(searched, similar: true, stop.Token, ct);
        var words = wanted.Wanted.ToList();
        var best = found.SelectMany(one => (one.Hits ?? []).Take(top).Select(hit => (one.Search, Hit: hit))).OrderByDescending(one => one.Hit.Score).Take(top);
        var incomplete = found.Where(one => one.Hits is null).Select(one => one.Search).Concat(searches.Skip(MostEntities)).Select(search => search.Entity.Name).ToImmutableArray();
        return new SearchAnswer([.. best.Select(one => Describe(one.Search, one.Hit, words, texts))], [.. found.Where(one => one.Hits is { Count: > 0 }).Select(one => Describe(one.Search.Entity, one.Hits!.Count, texts))])
        {
            IsSimilar = isSimilar && found.Exists(one => one.Hits is { Count: > 0 }) ? true : null,
            Incomplete = incomplete.IsEmpty ? null : incomplete,
        };
    }

    /// <summary>The hits of each entity; null for one that was not ready in time.</summary>
    private async Task<List<(EntitySearch Search, IReadOnlyList<SearchHit>? Hits)>> FindAsync(ImmutableArray<EntitySearch> searches, bool similar, CancellationToken stop, CancellationToken ct)
    {
        var hits = new IReadOnlyList<SearchHit>?[searches.Length];
        try
        {
            await Parallel.ForAsync(0, searches.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop },
                async (index, token) => hits[index] = await reader.FindAsync(searches[index], similar, token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Told as incomplete.
        }
        return [.. searches.Zip(hits)];
    }

    private static FoundEntity Describe(Entity entity, int count, Texts texts) =>
        new(entity.Name, entity.Plural, texts.Find($"entity.{entity.Name}.pluralLabel") ?? entity.PluralLabel, Math.Min(count, EntitySearch.MostCounted), count > EntitySearch.MostCounted);

    private static FoundRecord Describe(EntitySearch search, SearchHit hit, List<SearchWord> words, Texts texts)
    {
        var values = hit.Values.Select((value, index) => Written(search.Fields[index], value, texts)).ToList();
        var title = search.Fields[0] == search.Entity.Primary ? values[0] : null;
        var found = search.Fields.Zip(values).Select(pair => pair.Second is { } text && SearchExcerpt.Of(text, words) is { } excerpt
            ? new FoundText(pair.First.Name, texts.Field(pair.First), excerpt.Text, excerpt.Matches) : null).FirstOrDefault(text => text is not null);
        return new FoundRecord(search.Entity.Name, search.Entity.Plural, hit.Id, title, Written(search.Subtitle, hit.Subtitle, texts), found);
    }

    private static string? Written(Field? field, object? value, Texts texts) => value switch
    {
        null => null,
        string[] items => string.Join(", ", items),
        _ when field?.Options.FirstOrDefault(option => option.Value.ToString() == Invariant(value)) is { } option => texts.Option(field, option),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        _ => Invariant(value),
    };

    private static string? Invariant(object value) => Convert.ToString(value, CultureInfo.InvariantCulture);
}
