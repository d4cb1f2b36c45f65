using Microsoft.AspNetCore.Http.Metadata;

namespace Xrm.Server.Security;

/// <summary>Limits the bodies that an endpoint takes, where strangers send them.</summary>
internal sealed class SmallBody : IRequestSizeLimitMetadata
{
    /// <summary>64 KiB: the answer of an authenticator is the largest that comes.</summary>
    public long? MaxRequestBodySize => 64 * 1024;
}
