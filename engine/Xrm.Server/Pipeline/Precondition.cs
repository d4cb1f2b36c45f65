namespace Xrm.Server.Pipeline;

/// <summary>What a client wants to hold before it writes.</summary>
/// <param name="Version">The version that it means; null for any.</param>
/// <param name="MustExist">There is such a record (<c>If-Match</c>).</param>
/// <param name="MustBeNew">There is none (<c>If-None-Match: *</c>).</param>
internal readonly record struct Precondition(long? Version, bool MustExist, bool MustBeNew);
