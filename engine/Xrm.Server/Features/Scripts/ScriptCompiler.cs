using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Xrm.Data.Errors;
using Xrm.Server.Hosting;

namespace Xrm.Server.Features.Scripts;

/// <summary>Compiles scripts with the TypeScript compiler of the web application, which runs in Node.js as a process of its own.</summary>
internal sealed class ScriptCompiler(Installation installation)
{
    /// <summary>Checks and compiles scripts.</summary>
    /// <param name="request">Libraries and scripts.</param>
    /// <param name="ct">Ends the process.</param>
    /// <returns>What became of each, in order.</returns>
    /// <exception cref="XrmException">503 <c>script_compiler_missing</c>: Node.js or the compiler is not installed.</exception>
    public async Task<ImmutableArray<CompiledScript>> CompileAsync(CompileRequest request, CancellationToken ct)
    {
        var main = Path.Combine(installation.Root, "designer", "compiler", "main.mjs");
        if (!Directory.Exists(Path.Combine(installation.Root, "designer", "node_modules", "typescript")))
            throw Missing("The TypeScript compiler is not installed: run 'npm ci' in the folder designer.");
        using var process = Start(main);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.StandardInput.WriteAsync(JsonSerializer.Serialize(request, ApiJson.Options).AsMemory(), ct);
            process.StandardInput.Close();
            await process.WaitForExitAsync(ct);
            if (process.ExitCode != 0) throw Missing($"The TypeScript compiler did not run: {(await errors).Trim()}");
            return JsonSerializer.Deserialize<ImmutableArray<CompiledScript>>(await output, ApiJson.Options);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(string main)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(main);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new XrmException("script_compiler_missing", 503, "Scripts in TypeScript are compiled by Node.js, and 'node' is not on the PATH. Install Node.js 20 or later (https://nodejs.org), then try again.", inner: missing);
        }
    }

    private static XrmException Missing(string message) => new("script_compiler_missing", 503, message);
}

/// <summary>What is to be compiled.</summary>
/// <param name="Libraries">Declarations that every script sees, by kind of script.</param>
/// <param name="Scripts">The scripts.</param>
internal sealed record CompileRequest(ImmutableSortedDictionary<string, ImmutableArray<ScriptLibrary>> Libraries, IReadOnlyList<ScriptToCompile> Scripts);

/// <summary>Declarations.</summary>
/// <param name="Name">File name, for errors.</param>
/// <param name="Text">Their text.</param>
internal sealed record ScriptLibrary(string Name, string Text);

/// <summary>A script.</summary>
/// <param name="File">File name of the source.</param>
/// <param name="Text">Its text.</param>
/// <param name="Kind">Where it runs: <see cref="ScriptInputs.Rule"/> or <see cref="ScriptInputs.Form"/>.</param>
/// <param name="Contexts">What it sees as <c>record</c> and <c>parameters</c>: a text for each different use.</param>
internal sealed record ScriptToCompile(string File, string Text, string Kind, IReadOnlyList<string> Contexts);

/// <summary>What became of a script.</summary>
/// <param name="Output">What is stored beside the source, its header included; empty where there are mistakes.</param>
/// <param name="Problems">Mistakes, by line.</param>
internal sealed record CompiledScript(string Output, ImmutableArray<ScriptMistake> Problems);

/// <summary>A mistake in a script.</summary>
/// <param name="Line">One-based line; 0 where it is in none.</param>
/// <param name="Column">One-based column.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record ScriptMistake(int Line, int Column, string Message);
