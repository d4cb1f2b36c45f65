namespace Xrm.Server.Features.Workflows;

/// <summary>A step that could not be taken. The message is for the workflow's author.</summary>
/// <param name="message">What went wrong.</param>
/// <param name="isFinal">Another try would end the same way.</param>
/// <param name="inner">The cause.</param>
internal sealed class StepFailedException(string message, bool isFinal, Exception? inner = null) : Exception(message, inner)
{
    public bool IsFinal { get; } = isFinal;
}
