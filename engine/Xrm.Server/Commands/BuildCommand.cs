using System.CommandLine;
using Xrm.Scripting;
using Xrm.Server.Features.Scripts;
using Xrm.Server.Hosting;

namespace Xrm.Server.Commands;

/// <summary><c>xrm build</c> with package folders: compiles their scripts. Without, the wrapper builds the program itself and does not come here.</summary>
internal static class BuildCommand
{
    public static Command Create()
    {
        var command = new Command("build", "Type-check the TypeScript scripts of packages, and compile each to a JavaScript file beside it. Without a folder: build the program itself.");
        var folders = new Argument<DirectoryInfo[]>("DIR") { Description = "Package folders; what they build on is read from the folders beside them", Arity = ArgumentArity.ZeroOrMore };
        var check = new Option<bool>("--check") { Description = "Write nothing; end with exit code 1 where an output is not as it would be written" };
        command.Arguments.Add(folders);
        command.Options.Add(check);
        command.SetAction((parsed, ct) => RunAsync([.. (parsed.GetValue(folders) ?? []).Select(folder => folder.FullName)], parsed.GetValue(check), ct));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> folders, bool checkOnly, CancellationToken ct)
    {
        var set = await PackageSet.ReadAsync(folders, folder => PackageArguments.ReadAsync(folder, ct));
        using var engine = new ScriptEngine();
        var result = await new ScriptBuild(new ScriptCompiler(Installation.Find()), engine).RunAsync(set, ct);
        foreach (var problem in result.Problems) await Console.Error.WriteLineAsync($"{problem.Location.Package}/{problem.Location.File}:{problem.Location.Line}: {problem.Message} {problem.Remedy}".TrimEnd());
        var changed = new List<string>();
        // Mistakes in one script do not keep the others from being written; a script with a mistake keeps its former output, which no longer fits.
        foreach (var output in result.Outputs)
        {
            var file = Path.Combine(set.Folders[output.Package], "rules", output.File);
            if (File.Exists(file) && await File.ReadAllTextAsync(file, ct) == output.Text) continue;
            changed.Add(Path.GetRelativePath(Environment.CurrentDirectory, file));
            if (!checkOnly) await File.WriteAllTextAsync(file, output.Text, ct);
        }
        foreach (var file in changed) await Console.Out.WriteLineAsync(checkOnly ? $"{file} is not up to date" : $"{file} written");
        await Console.Error.WriteLineAsync($"{result.Outputs.Length} scripts compiled, {result.Problems.Length} mistakes.");
        return result.Problems.IsEmpty && !(checkOnly && changed.Count > 0) ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
