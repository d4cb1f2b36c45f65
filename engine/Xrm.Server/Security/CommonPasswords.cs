using System.Collections.Frozen;

namespace Xrm.Server.Security;

/// <summary>Passwords that attackers try first: the words of <c>common-passwords.txt</c>, however they are spelt, repeated and prolonged with digits.</summary>
internal sealed class CommonPasswords
{
    // What is left beside the words has to be worth guessing.
    private const int FewestOwnCharacters = 6;
    private const int MostWords = 2;
    private const int ShortestRun = 3;

    private const string Look = "4@831!05$7+2";
    private const string Letter = "aabeiiosstt2";

    private static readonly string[] Rows = ["abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "01234567890123456789", "98765432109876543210", "1qaz2wsx3edc4rfv"];

    private readonly Lazy<FrozenSet<string>> _words = new(Read);
    private readonly Lazy<int> _longest;

    public CommonPasswords() => _longest = new Lazy<int>(() => _words.Value.Max(word => word.Length));

    /// <summary>True where a password is no more than commonly used words, rows of keys, and a few characters.</summary>
    public bool Contains(string password)
    {
        var plain = password.ToLowerInvariant();
        return IsCommon(plain, string.Concat(plain.Select(Spelt)));
    }

    private bool IsCommon(string text, string spelt)
    {
        if (_words.Value.Contains(text) || _words.Value.Contains(spelt)) return true;
        var (own, words) = (0, new HashSet<string>(StringComparer.Ordinal));
        for (var at = 0; at < text.Length;)
        {
            var length = new[] { WordAt(text, at), WordAt(spelt, at), RunAt(text, at), RepeatAt(text, at) }.Max();
            if (length == 0)
            {
                own++;
                at++;
                continue;
            }
            words.Add(text.Substring(at, length));
            at += length;
        }
        return words.Count > 0 && words.Count <= MostWords && own < FewestOwnCharacters;
    }

    private int WordAt(string text, int at)
    {
        for (var length = Math.Min(_longest.Value, text.Length - at); length >= ShortestRun; length--)
            if (_words.Value.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text.AsSpan(at, length))) return length;
        return 0;
    }

    /// <summary>Neighbours on the keyboard or in the alphabet: <c>1234</c>, <c>qwer</c>.</summary>
    private static int RunAt(string text, int at)
    {
        for (var length = text.Length - at; length >= ShortestRun; length--)
        {
            var part = text.AsSpan(at, length);
            foreach (var row in Rows) if (row.AsSpan().Contains(part, StringComparison.Ordinal)) return length;
        }
        return 0;
    }

    private static int RepeatAt(string text, int at)
    {
        var end = at + 1;
        while (end < text.Length && text[end] == text[at]) end++;
        return end - at >= ShortestRun ? end - at : 0;
    }

    private static char Spelt(char character) => Look.IndexOf(character) is var at and >= 0 ? Letter[at] : character;

    private static FrozenSet<string> Read()
    {
        using var reader = new StreamReader(typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return reader.ReadToEnd().Split(['\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
