using System.Runtime.CompilerServices;
using System.Text;

namespace Xrm.TestKit;

/// <summary>
/// Compares text with the file beside the test, in Verify's convention: <c>Class.Name.verified.txt</c> is the approved text; on a
/// difference <c>Class.Name.received.txt</c> is written next to it. To approve, rename the received file.
/// </summary>
public static class Snapshot
{
    /// <summary>Fails where the text differs from the approved one.</summary>
    /// <param name="actual">The text.</param>
    /// <param name="name">What tells this snapshot from the class's others; the test's name by default.</param>
    /// <param name="extension">Extension of the files, e.g. <c>txt</c>, <c>json</c>.</param>
    /// <param name="testFile">The compiler fills it in.</param>
    public static void Verify(string actual, [CallerMemberName] string name = "", string extension = "txt", [CallerFilePath] string testFile = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testFile)!, $"{Path.GetFileNameWithoutExtension(testFile)}.{name}");
        var (verified, received) = ($"{path}.verified.{extension}", $"{path}.received.{extension}");
        var text = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        var approved = File.Exists(verified) ? File.ReadAllText(verified, Encoding.UTF8).ReplaceLineEndings("\n") : null;
        if (approved == text)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, text, new UTF8Encoding(false));
        throw new InvalidOperationException(approved is null
            ? $"No approved snapshot yet. Read {received} and rename it to {Path.GetFileName(verified)}."
            : $"The text differs from {Path.GetFileName(verified)}. Compare it with {received}; rename that to approve.\n{FirstDifference(approved, text)}");
    }

    private static string FirstDifference(string approved, string actual)
    {
        var (old, now) = (approved.Split('\n'), actual.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(old.Length, now.Length)).First(index => old.ElementAtOrDefault(index) != now.ElementAtOrDefault(index));
        return $"Line {line + 1}\n  approved: {old.ElementAtOrDefault(line)}\n  received: {now.ElementAtOrDefault(line)}";
    }
}
