using Microsoft.AspNetCore.WebUtilities;

namespace Xrm.Server.OData;

/// <summary>How much an answer says about itself (OData JSON format 4.01, 3.1).</summary>
internal enum MetadataLevel
{
    /// <summary>Nothing but counts and links to more.</summary>
    None,

    /// <summary>What a client that knows the model cannot work out.</summary>
    Minimal,

    /// <summary>Everything.</summary>
    Full,
}

/// <summary>A form of JSON that is not the usual one, which says the minimum and writes numbers as numbers.</summary>
/// <param name="Level">How much is said.</param>
/// <param name="IsIeee754">Whole and decimal numbers are texts, for clients that have nothing but binary floating point.</param>
internal sealed record AnswerFormat(MetadataLevel Level, bool IsIeee754)
{
    private const string Json = "application/json", Compatible = "IEEE754Compatible";

    /// <summary>The usual form.</summary>
    public static AnswerFormat Usual { get; } = new(MetadataLevel.Minimal, IsIeee754: false);

    /// <summary>The header that says so.</summary>
    public string ContentType => $"{Json}; odata.metadata={Level.ToString().ToLowerInvariant()}; {(IsIeee754 ? $"{Compatible}=true; " : "")}charset=utf-8";

    /// <summary>What a request asks for, in <c>$format</c> or else in <c>Accept</c>; null for the usual form.</summary>
    /// <exception cref="Xrm.Data.Errors.XrmException">400: <c>$format</c> has a value that there is not.</exception>
    public static AnswerFormat? Of(HttpRequest request)
    {
        // Nearly all requests end here.
        var query = request.QueryString.Value;
        if (!string.IsNullOrEmpty(query) && query.Contains("format", StringComparison.OrdinalIgnoreCase) && Written(query) is { } written) return Read(written);
        foreach (var header in request.Headers.Accept)
            if (header?.Contains(';') == true) return Accepted(request);
        return null;
    }

    private static string? Written(string query)
    {
        foreach (var pair in new QueryStringEnumerable(query))
            if (pair.DecodeName().Span.TrimStart('$').Equals("format", StringComparison.OrdinalIgnoreCase)) return pair.DecodeValue().ToString();
        return null;
    }

    private static AnswerFormat? Read(string format)
    {
        var parts = format.Split(';', StringSplitOptions.TrimEntries);
        var (level, isIeee754) = (MetadataLevel.Minimal, false);
        foreach (var part in parts.Skip(1))
        {
            var (name, value) = part.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : (part, "");
            if (IsLevel(name)) level = LevelOf(value) ?? throw QueryErrors.NotUnderstood("$format: odata.metadata can be none, minimal or full.");
            else if (name.Equals(Compatible, StringComparison.OrdinalIgnoreCase)) isIeee754 = bool.TryParse(value, out var wanted) ? wanted : throw QueryErrors.NotUnderstood($"$format: {Compatible} can be true or false.");
        }
        return Unusual(level, isIeee754);
    }

    /// <summary>Parameters of <c>Accept</c> are wishes: what there is not is left out, and the answer's own type says what was fulfilled.</summary>
    private static AnswerFormat? Accepted(HttpRequest request)
    {
        var best = request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1).FirstOrDefault(type => type.MediaType.Value is Json or "application/*" or "*/*");
        if (best is null) return null;
        var level = best.Parameters.Where(parameter => IsLevel(parameter.Name.Value)).Select(parameter => LevelOf(parameter.Value.Value)).FirstOrDefault() ?? MetadataLevel.Minimal;
        return Unusual(level, best.Parameters.Any(parameter => parameter.Name.Equals(Compatible, StringComparison.OrdinalIgnoreCase) && parameter.Value.Equals("true", StringComparison.OrdinalIgnoreCase)));
    }

    private static AnswerFormat? Unusual(MetadataLevel level, bool isIeee754) => level == MetadataLevel.Minimal && !isIeee754 ? null : new AnswerFormat(level, isIeee754);

    private static bool IsLevel(string? name) => name is "odata.metadata" or "metadata";

    private static MetadataLevel? LevelOf(string? value) => value switch
    {
        "none" => MetadataLevel.None,
        "minimal" => MetadataLevel.Minimal,
        "full" => MetadataLevel.Full,
        _ => null,
    };
}
