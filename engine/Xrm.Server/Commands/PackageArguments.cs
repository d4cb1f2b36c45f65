using System.CommandLine;
using Xrm.Data.Access;
using Xrm.Data.Publishing;
using Xrm.Metadata.Reading;
using Xrm.Metadata.Source;

namespace Xrm.Server.Commands;

/// <summary>The arguments that <c>plan</c> and <c>apply</c> share.</summary>
internal sealed class PackageArguments
{
    private readonly Argument<DirectoryInfo[]> _folders = new("DIR") { Description = "Package folders", Arity = ArgumentArity.ZeroOrMore };

    private readonly Option<string[]> _drop = new("--drop")
    {
        Description = "What may be deleted with its data: entity or entity.field; can be repeated. Without it, what is gone from the package is hidden and kept",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _remove = new("--remove")
    {
        Description = "Name of a published package to take out of force; can be repeated. Its entities and fields are hidden and keep their data, unless --drop names them",
        HelpName = "PACKAGE",
    };

    private readonly Option<bool> _sql = new("--sql") { Description = "Show the statements, too" };

    public PackageArguments(Command command)
    {
        command.Arguments.Add(_folders);
        command.Options.Add(_drop);
        command.Options.Add(_remove);
        command.Options.Add(_sql);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_folders) is null or [] && result.GetValue(_remove) is null or []) result.AddError("Name a package folder, or a package to remove.");
        });
    }

    public bool WithSql(ParseResult parsed) => parsed.GetValue(_sql);

    /// <summary>Reads what is to be published.</summary>
    /// <exception cref="CommandFailedException">A folder is not there or cannot be read.</exception>
    public async Task<PublishRequest> ReadAsync(ParseResult parsed, CancellationToken ct)
    {
        var packages = new List<PackageFiles>();
        foreach (var folder in parsed.GetValue(_folders) ?? []) packages.Add(await ReadAsync(folder.FullName, ct));
        return new PublishRequest(packages, ToSet(parsed.GetValue(_drop)), null, Caller.System) { Remove = ToSet(parsed.GetValue(_remove)) };
    }

    private static HashSet<string> ToSet(string[]? names) => (names ?? []).ToHashSet(StringComparer.Ordinal);

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
