using Xrm.Data.Records;

namespace Xrm.Server.Features.Data;

/// <summary>The transaction that a request of a batch belongs to, in the request's features; the batch commits it.</summary>
internal sealed record OpenTransaction(RecordTransaction Records);

/// <summary>The record that a request has written, in the request's features.</summary>
internal sealed record WrittenRecord(string Collection, Guid Id);
