using Xrm.Data.Errors;

namespace Xrm.Server.Features.Data.Batch;

/// <summary>Keeps an answer in memory, up to a length.</summary>
/// <param name="most">Bytes that there is room for.</param>
internal sealed class AnswerStream(long most) : MemoryStream
{
    /// <summary>Code of <see cref="TooLarge"/>.</summary>
    public const string Code = "answer_too_large";

    /// <summary>An answer has no room beside the others of its batch.</summary>
    public static XrmException TooLarge() =>
        new(Code, 400, $"The answers of a batch may have {BatchDispatcher.LargestAnswers / (1024 * 1024)} MiB together. Ask for less, in pages, or send this request alone.");

    /// <exception cref="XrmException">There is no room left.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Check(buffer.Length);
        base.Write(buffer);
    }

    /// <exception cref="XrmException">There is no room left.</exception>
    public override void Write(byte[] buffer, int offset, int count)
    {
        Check(count);
        base.Write(buffer, offset, count);
    }

    /// <exception cref="XrmException">There is no room left.</exception>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Check(count);
        base.Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    /// <exception cref="XrmException">There is no room left.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Check(buffer.Length);
        base.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    private void Check(int more)
    {
        if (Length + more > most) throw TooLarge();
    }
}
