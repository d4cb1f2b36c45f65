namespace Xrm.Scripting.Sandbox;

/// <summary>Ends a run. Not a JavaScript error, so that a script's own <c>catch</c> cannot hold it.</summary>
internal sealed class LimitReached(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
