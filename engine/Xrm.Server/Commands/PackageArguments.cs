using System.CommandLine;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Server.Commands;

/// <summary>The arguments that <c>plan</c> and <c>apply</c> share.</summary>
internal sealed class PackageArguments
{
    private readonly Argument<DirectoryInfo[]> _folders = new("DIR") { Description = "Package folders", Arity = ArgumentArity.OneOrMore };

    private readonly Option<string[]> _drop = new("--drop")
    {
        Description = "What may be deleted with its data: entity or entity.field; can be repeated. Without it, what is gone from the package is hidden and kept",
        HelpName = "NAME",
    };

    private readonly Option<bool> _sql = new("--sql") { Description = "Show the statements, too" };

    public PackageArguments(Command command)
    {
        command.Arguments.Add(_folders);
        command.Options.Add(_drop);
        command.Options.Add(_sql);
    }

    public IReadOnlySet<string> Drop(ParseResult parsed) => (parsed.GetValue(_drop) ?? []).ToHashSet(StringComparer.Ordinal);

    public bool WithSql(ParseResult parsed) => parsed.GetValue(_sql);

    public async Task<IReadOnlyList<PackageFiles>> ReadAsync(ParseResult parsed, CancellationToken ct)
    {
        var packages = new List<PackageFiles>();
        foreach (var folder in parsed.GetRequiredValue(_folders)) packages.Add(await ReadAsync(folder.FullName, ct));
        return packages;
    }

    /// <summary>Reads a package folder.</summary>
    /// <exception cref="CommandFailedException">It is not there or cannot be read.</exception>
    public static async Task<PackageFiles> ReadAsync(string folder, CancellationToken ct)
    {
        try
        {
            return await PackageReader.ReadAsync(folder, ct);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"The package {folder} cannot be read: {exception.Message}", exception);
        }
    }
}
