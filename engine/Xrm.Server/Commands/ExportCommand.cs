using System.CommandLine;
using Xrm.Data.Publishing;

namespace Xrm.Server.Commands;

/// <summary><c>xrm export</c>: a published package as a folder of files.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var command = new Command("export", "Write a published package to a folder, byte for byte as it was published.");
        var package = new Argument<string>("PACKAGE") { Description = "Name of the package" };
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "Folder to write to; must be empty or not exist" };
        command.Arguments.Add(package);
        command.Arguments.Add(folder);
        var connection = new ConnectionOptions(command);
        command.SetAction((parsed, ct) => RunAsync(parsed.GetRequiredValue(package), parsed.GetRequiredValue(folder), connection.Read(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(string name, DirectoryInfo folder, ConnectionSettings settings, CancellationToken ct)
    {
        if (folder.Exists && folder.EnumerateFileSystemInfos().Any())
            throw new CommandFailedException(ExitCodes.Failed, $"{folder.FullName} is not empty. Name another folder, so that nothing is overwritten.");
        await using var session = await EngineSession.OpenAsync(settings, ct);
        var (_, packages) = await session.Get<PackageStore>().ReadAsync(ct);
        var package = packages.FirstOrDefault(package => package.Name == name)
            ?? throw new CommandFailedException(ExitCodes.Failed, $"There is no published package '{name}'. Published are: {string.Join(", ", packages.Select(package => package.Name))}.");
        foreach (var (path, content) in package.Content)
        {
            var file = new FileInfo(Path.Combine(folder.FullName, path));
            file.Directory!.Create();
            await File.WriteAllBytesAsync(file.FullName, content.ToArray(), ct);
        }
        await Console.Error.WriteLineAsync($"{package.Content.Count} files of {name} written to {folder.FullName}.");
        return ExitCodes.Ok;
    }
}
