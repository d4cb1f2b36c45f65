using Xrm.Data.Queries;

namespace Xrm.Server.OData;

/// <summary>Reads in which form rows are wanted: <c>$format=csv;labels=true;bom=true</c>, or the same in <c>Accept</c> as <c>text/csv;labels=true</c>.</summary>
internal static class FormatParser
{
    private const string Csv = "text/csv";

    /// <summary>How CSV is wanted.</summary>
    /// <param name="format">The value of <c>$format</c>.</param>
    /// <returns>Null where it is not about CSV.</returns>
    /// <exception cref="Xrm.Data.Errors.XrmException">400: a parameter is unknown.</exception>
    public static CsvOptions? ReadCsv(string format)
    {
        var parts = format.Split(';', StringSplitOptions.TrimEntries);
        if (!parts[0].Equals("csv", StringComparison.OrdinalIgnoreCase) && !parts[0].Equals(Csv, StringComparison.OrdinalIgnoreCase)) return null;
        var options = parts.Skip(1).Aggregate(new CsvOptions(), (options, part) => Read(options, part.Split('=', 2, StringSplitOptions.TrimEntries)));
        return options is { HasDecimalComma: true, Separator: ',' } ? throw QueryErrors.NotUnderstood("decimal=comma needs another separator than commas: separator=semicolon or separator=tab.") : options;
    }

    /// <summary>How CSV is wanted by a request that accepts it before JSON; null for one that does not.</summary>
    /// <exception cref="Xrm.Data.Errors.XrmException">400: a parameter is unknown.</exception>
    public static CsvOptions? Accepted(HttpRequest request)
    {
        if (!request.Headers.Accept.Any(header => header?.Contains(Csv, StringComparison.OrdinalIgnoreCase) == true)) return null;
        var best = request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1).FirstOrDefault(type => type.MediaType.Value is Csv or "application/json");
        return best?.MediaType.Value == Csv ? ReadCsv(string.Join(';', [Csv, .. best.Parameters.Where(parameter => parameter.Name.Value is not "q" and not "charset").Select(parameter => parameter.ToString())])) : null;
    }

    private static CsvOptions Read(CsvOptions options, string[] parameter) => parameter switch
    {
        ["labels", "true" or "false"] => options with { HasLabels = parameter[1] == "true" },
        ["bom", "true" or "false"] => options with { HasByteOrderMark = parameter[1] == "true" },
        ["formulas", "guard" or "keep"] => options with { GuardsFormulas = parameter[1] == "guard" },
        ["separator", "comma"] => options with { Separator = ',' },
        ["separator", "semicolon"] => options with { Separator = ';' },
        ["separator", "tab"] => options with { Separator = '\t' },
        ["decimal", "point" or "comma"] => options with { HasDecimalComma = parameter[1] == "comma" },
        _ => throw QueryErrors.NotUnderstood($"'{string.Join('=', parameter)}' is no parameter of csv. There are labels=true, bom=true, formulas=keep, separator=semicolon or tab, and decimal=comma."),
    };
}
