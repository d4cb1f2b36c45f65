namespace Xrm.Server.Tests.OData;

/// <summary>Spoils texts at random: parts taken away, doubled, moved, or something put in.</summary>
internal static class TextMutation
{
    /// <summary>The text with one to three changes.</summary>
    public static string Mutate(string text, string[] noise, Random random)
    {
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var at = random.Next(text.Length + 1);
            var length = Math.Min(random.Next(1, 12), text.Length - at);
            text = random.Next(6) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(at, length)),
                2 => text.Insert(random.Next(text.Length + 1), text.Substring(at, length)),
                3 => text.Insert(at, string.Concat(Enumerable.Repeat(noise[random.Next(noise.Length)], random.Next(4) == 0 ? random.Next(100) : 1))),
                4 => text.Insert(at, ((char)random.Next(1, 0x3000)).ToString()),
                _ => text.Insert(at, noise[random.Next(noise.Length)]),
            };
        }
        return text;
    }
}
