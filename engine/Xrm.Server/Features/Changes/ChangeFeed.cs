using System.Collections.Immutable;
using Xrm.Data;
using Xrm.Data.Catalogue;
using Xrm.Data.Access;
using Xrm.Data.Changes;
using Xrm.Data.Errors;
using Xrm.Server.Features.Jobs;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Changes;

/// <summary>Reads the changes once for all connections of this node, while there are any, and ends those of people whose session or rights ended.</summary>
internal sealed class ChangeFeed(ChangeReader reader, SessionStore sessions, CallerProvider callers, CurrentModel current, TimeProvider time, ILogger<ChangeFeed> log) : BackgroundLoop(time, log)
{
    private const int ChangesAtATime = 500;
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = time;
    private readonly SemaphoreSlim _turn = new(1);
    private ImmutableArray<ChangeSubscription> _subscriptions = [];
    private ChangePosition? _position;
    private DateTimeOffset _checked;
    private long _model;

    protected override TimeSpan IdlePause => TimeSpan.FromMilliseconds(300);

    /// <summary>How far the feed has come. Whoever has nothing waiting after having asked knows all up to there.</summary>
    public ChangePosition? Position => Volatile.Read(ref _position);

    /// <summary>Tells a connection of all changes from now on.</summary>
    /// <returns>The position from which on it is told.</returns>
    public async Task<ChangePosition> AddAsync(ChangeSubscription subscription, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            // Behind any position that another node has given out before.
            if (_subscriptions.IsEmpty || _position is null) Volatile.Write(ref _position, await reader.NowAsync(ct));
            else await ReadAsync(ct);
            _subscriptions = _subscriptions.Add(subscription);
            return _position!;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Tells it of nothing any more.</summary>
    public void Remove(ChangeSubscription subscription) => ImmutableInterlocked.Update(ref _subscriptions, (all, gone) => all.Remove(gone), subscription);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        if (_subscriptions.IsEmpty) return false;
        await _turn.WaitAsync(ct);
        try
        {
            await ReadAsync(ct);
            await CheckAsync(ct);
        }
        catch (XrmException gone) when (gone.Code == "changes_gone")
        {
            Finish(_ => true, gone.Code);
            Volatile.Write(ref _position, null);
        }
        finally
        {
            _turn.Release();
        }
        return false;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        for (var hasMore = true; hasMore && _position is { } position;)
        {
            var page = await reader.ReadAsync(position, new ChangeQuery(null, _subscriptions.Any(each => each.WithValues), ChangesAtATime), ct);
            if (page.Changes.Length > 0)
                foreach (var subscription in _subscriptions) subscription.Offer(page);
            Volatile.Write(ref _position, page.Next);
            hasMore = page.HasMore;
        }
    }

    private async Task CheckAsync(CancellationToken ct)
    {
        var model = current.Value.Version;
        if (_model != 0 && model != _model) Finish(_ => true, "model_changed");
        _model = model;
        if (_time.GetUtcNow() - _checked < BetweenChecks) return;
        _checked = _time.GetUtcNow();
        var live = await sessions.LiveAsync([.. _subscriptions.Select(each => each.SecretHash)], ct);
        Finish(each => !live.ContainsKey(Convert.ToHexString(each.SecretHash)), "session_ended");
        Finish(each => live[Convert.ToHexString(each.SecretHash)] is var now && !HasRightsOf(each.Caller, (now.IsAdministrator, now.Roles)), "rights_changed");
        foreach (var group in _subscriptions.Where(each => each is { End: null, Caller.IsPreview: false }).GroupBy(each => each.Caller.UserId).ToList())
        {
            var place = (await callers.FindUserAsync(group.Key, ct))?.Membership.Fingerprint;
            Finish(each => each.Caller.UserId == group.Key && each.Caller.Membership.Fingerprint != place, "rights_changed");
        }
    }

    /// <summary>A preview has rights of its own, for as long as an administrator has it.</summary>
    private static bool HasRightsOf(Caller caller, (bool IsAdministrator, IEnumerable<string> Roles) now) =>
        caller.IsPreview ? now.IsAdministrator : now.IsAdministrator == caller.IsUserAdministrator && caller.Roles.SetEquals(now.Roles);

    private void Finish(Func<ChangeSubscription, bool> which, string code)
    {
        foreach (var subscription in _subscriptions.Where(each => each.End is null).Where(which)) subscription.Finish(code);
    }
}
