using System.Buffers;
using System.IO.Pipelines;
using Xrm.Data.Queries;
using Xrm.Server.OData;

namespace Xrm.Server.Features.Data.Formats;

/// <summary>Answers in a form that is not the usual one: what is written in the usual one is rewritten on its way.</summary>
internal static class FormattedAnswer
{
    /// <summary>Rewrites a list as it is written. Nothing reaches the client before the first of it is there, so that a refusal can still become an error answer.</summary>
    /// <param name="http">The request.</param>
    /// <param name="format">The form wanted.</param>
    /// <param name="rows">What its rows are.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="write">Writes the usual form.</param>
    public static async Task WriteAsync(HttpContext http, AnswerFormat format, AnswerShape rows, QueryContext context, Func<PipeWriter, Task> write)
    {
        http.Response.ContentType = format.ContentType;
        var (pipe, body) = (new Pipe(), http.Response.BodyWriter);
        using var rewriter = new AnswerRewriter(format, AnswerRewriter.ListOf(rows), new RecordLinks(DataReads.ServiceRoot(http.Request), context.Caller), body);
        var writing = WriteAsync(pipe.Writer, write);
        try
        {
            for (var isDone = false; !isDone;)
            {
                var part = await pipe.Reader.ReadAsync(http.RequestAborted);
                isDone = part.IsCompleted;
                pipe.Reader.AdvanceTo(rewriter.Write(part.Buffer, isDone), part.Buffer.End);
                await body.FlushAsync(http.RequestAborted);
            }
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
            await writing;
        }
    }

    /// <summary>One record in that form.</summary>
    /// <param name="http">The request.</param>
    /// <param name="format">The form wanted.</param>
    /// <param name="plan">What the record shows.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="body">The record in the usual form.</param>
    public static ArrayBufferWriter<byte> Of(HttpContext http, AnswerFormat format, QueryPlan plan, QueryContext context, ArrayBufferWriter<byte> body)
    {
        var output = new ArrayBufferWriter<byte>(body.WrittenCount * 2 + 1);
        using var rewriter = new AnswerRewriter(format, AnswerShape.Of(plan), new RecordLinks(DataReads.ServiceRoot(http.Request), context.Caller), output);
        rewriter.Write(new ReadOnlySequence<byte>(body.WrittenMemory), isLast: true);
        return output;
    }

    private static async Task WriteAsync(PipeWriter writer, Func<PipeWriter, Task> write)
    {
        try
        {
            await write(writer);
        }
        catch (Exception failed)
        {
            await writer.CompleteAsync(failed);
            throw;
        }
        await writer.CompleteAsync();
    }
}
