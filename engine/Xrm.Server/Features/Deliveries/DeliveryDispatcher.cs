using System.Text.Json;
using Xrm.Data.Outbox;
using Xrm.Plugins;
using Xrm.Server.Features.Jobs;
using Xrm.Server.Plugins;

namespace Xrm.Server.Features.Deliveries;

/// <summary>Brings committed record events to the receivers in plugins.</summary>
internal sealed class DeliveryDispatcher(DeliveryStore deliveries, PluginHost plugins, TimeProvider time, ILogger<DeliveryDispatcher> log)
    : BackgroundLoop(time, log)
{
    private const int EventsAtATime = 500;
    private const int DeliveriesAtATime = 16;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    // Longer than the time limit: a delivery that is still under way must not be taken by another node. All that were taken together
    // go out together, so none of them waits for the time limit of another.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, IRecordEventHandler> _handlers = plugins.Handlers.ToDictionary(pair => pair.Name, pair => pair.Handler, StringComparer.Ordinal);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        if (_handlers.Count == 0) return false;
        var events = await deliveries.FanOutAsync(EventsAtATime, ReceiversOf, ct);
        var due = await deliveries.TakeAsync(DeliveriesAtATime, Lease, ct);
        await Task.WhenAll(due.Select(delivery => DeliverAsync(delivery, ct)));
        // What was taken may have made room for the next event of its record.
        return events == EventsAtATime || due.Length > 0;
    }

    private IEnumerable<string> ReceiversOf(Delivery delivery)
    {
        var recordEvent = ToEvent(delivery);
        return _handlers.Where(pair => pair.Value.Wants(recordEvent)).Select(pair => pair.Key);
    }

    private async Task DeliverAsync(Delivery delivery, CancellationToken ct)
    {
        try
        {
            if (!_handlers.TryGetValue(delivery.Receiver, out var handler)) throw new InvalidOperationException($"The receiver {delivery.Receiver} is not configured any more.");
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(TimeLimit);
            // Waits no longer even where the receiver does not listen to its time limit.
            await handler.HandleAsync(ToEvent(delivery), limit.Token).WaitAsync(limit.Token);
            await deliveries.DoneAsync(delivery.Id, ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            var pause = RetrySchedule.PauseAfter(delivery.Attempts);
            log.LogWarning("{Receiver} did not take event {Event} (try {Try}): {Error}", delivery.Receiver, delivery.EventId, delivery.Attempts, exception.Message);
            await deliveries.FailedAsync(delivery.Id, exception.Message, pause, ct);
        }
    }

    private static RecordEvent ToEvent(Delivery delivery)
    {
        using var payload = JsonDocument.Parse(delivery.Payload);
        return new RecordEvent(delivery.EventId, delivery.Event, delivery.At, delivery.Entity, delivery.RecordId, delivery.Version, payload.RootElement.Clone());
    }
}
