using System.CommandLine;
using Xrm.Metadata;
using Xrm.Metadata.Converting;
using Xrm.Metadata.Converting.Cdm;
using Xrm.Metadata.Source;

namespace Xrm.Server.Commands;

/// <summary><c>xrm convert</c>: other systems' models as packages.</summary>
internal static class ConvertCommand
{
    private const string ReportEnding = ".conversion-report.json";

    public static Command Create()
    {
        var cdm = new Command("cdm", "Turn documents of Microsoft's Common Data Model (*.cdm.json) into a package, and list every property that it could not carry over.");
        var source = new Argument<DirectoryInfo>("DIR") { Description = "Folder with the documents" };
        var target = new Option<DirectoryInfo>("--out") { Description = "Folder of the package; its name is the package's name. Must be empty or not exist", HelpName = "PACKAGE", Required = true };
        var prefix = new Option<string>("--prefix") { Description = "What the names of all entities begin with, so that the package can live beside others; may be empty", HelpName = "TEXT", DefaultValueFactory = _ => "cdm_" };
        cdm.Arguments.Add(source);
        cdm.Options.Add(target);
        cdm.Options.Add(prefix);
        cdm.SetAction((parsed, ct) => RunAsync(parsed.GetRequiredValue(source), parsed.GetRequiredValue(target), parsed.GetRequiredValue(prefix), ct));
        return new Command("convert", "Turn another system's model into a package.") { cdm };
    }

    private static async Task<int> RunAsync(DirectoryInfo source, DirectoryInfo target, string prefix, CancellationToken ct)
    {
        if (!Names.IsValid(target.Name))
            throw new CommandFailedException(ExitCodes.Usage, $"The folder's name is the package's name, and '{target.Name}' is none: use lower-case letters, digits and _ only, a letter first.");
        if (target.Exists && target.EnumerateFileSystemInfos().Any())
            throw new CommandFailedException(ExitCodes.Failed, $"{target.FullName} is not empty. Name another folder, so that nothing is overwritten.");
        var (files, report) = await ConvertAsync(source, new CdmOptions(target.Name, prefix), ct);
        await WriteAsync(files, target, ct);
        var reportFile = target.FullName.TrimEnd(Path.DirectorySeparatorChar) + ReportEnding;
        await File.WriteAllTextAsync(reportFile, report.ToJson(), ct);
        await PrintAsync(report);
        await Console.Error.WriteLineAsync($"{files.Content.Count} files written to {target.FullName}; the full report is {reportFile}.");
        return ExitCodes.Ok;
    }

    private static async Task<(PackageFiles Files, ConversionReport Report)> ConvertAsync(DirectoryInfo source, CdmOptions options, CancellationToken ct)
    {
        try
        {
            return await CdmConverter.ConvertAsync(source.FullName, options, ct);
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or InvalidDataException)
        {
            throw new CommandFailedException(ExitCodes.Failed, exception.Message, exception);
        }
    }

    private static async Task WriteAsync(PackageFiles files, DirectoryInfo target, CancellationToken ct)
    {
        foreach (var (path, content) in files.Content)
        {
            var file = new FileInfo(Path.Combine(target.FullName, path));
            file.Directory!.Create();
            await File.WriteAllBytesAsync(file.FullName, content.ToArray(), ct);
        }
    }

    private static async Task PrintAsync(ConversionReport report)
    {
        foreach (var loss in report.Losses) await Console.Out.WriteLineAsync($"{loss.Entity}.{loss.Attribute} {loss.Property}: {loss.Reason}");
        await Console.Out.WriteLineAsync($"{report.Entities} record types, {report.Attributes} attributes; {report.AttributesWithLoss} with a loss ({report.LossPercent} %), listed above; {report.Notes.Length} notes.");
    }
}
