using System.CommandLine;

namespace Xrm.Server.Commands;

/// <summary>The options that say which database a verb works on; the same for all verbs.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<DirectoryInfo> _data = new("--data")
    {
        Description = "Folder of the embedded database, made on first use",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo(".xrm"),
    };

    private readonly Option<string?> _database = new("--database")
    {
        Description = "Connection string of a PostgreSQL 15-18 to use instead of the embedded one; also XRM_DATABASE",
        HelpName = "CONNECTION",
    };

    private readonly Option<string?> _organisation = new("--organisation")
    {
        Description = "Organisation to work on; the one that every installation has where missing",
        HelpName = "NAME",
    };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="isOfOrganisation">The verb works on one organisation, which can be chosen.</param>
    public ConnectionOptions(Command command, bool isOfOrganisation = true)
    {
        command.Options.Add(_data);
        command.Options.Add(_database);
        if (isOfOrganisation) command.Options.Add(_organisation);
    }

    public ConnectionSettings Read(ParseResult parsed) => new(
        parsed.GetRequiredValue(_data).FullName,
        parsed.GetValue(_database) ?? Environment.GetEnvironmentVariable("XRM_DATABASE"))
    { Organisation = parsed.GetValue(_organisation) };
}

/// <summary>Which database to work on.</summary>
/// <param name="DataDirectory">Folder of the embedded database and of local settings.</param>
/// <param name="Database">Connection string of another PostgreSQL; null or empty for the embedded one.</param>
internal sealed record ConnectionSettings(string DataDirectory, string? Database)
{
    /// <summary>Name of the organisation to work on; null for the home organisation.</summary>
    public string? Organisation { get; init; }
}
