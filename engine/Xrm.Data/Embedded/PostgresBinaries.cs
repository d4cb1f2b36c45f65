using System.Globalization;
using System.Text.RegularExpressions;

namespace Xrm.Data.Embedded;

/// <summary>An installation of PostgreSQL's server programs.</summary>
/// <param name="Folder">Folder of <c>postgres</c>, <c>initdb</c> and <c>pg_ctl</c>.</param>
/// <param name="Version">Major version.</param>
internal sealed partial record PostgresBinaries(string Folder, int Version)
{
    /// <summary>Path of one of the programs.</summary>
    public string Program(string name) => Path.Combine(Folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>The best usable installation: <c>XRM_POSTGRES_BIN</c>, the npm package, then what is on the machine, newest first.</summary>
    /// <param name="version">Major version that the data was made with; null for new data.</param>
    /// <param name="ct">Cancels the search.</param>
    /// <exception cref="EmbeddedPostgresException">There is none of a usable version.</exception>
    public static async Task<PostgresBinaries> FindAsync(int? version, CancellationToken ct)
    {
        var seen = new List<string>();
        foreach (var folder in Candidates().Where(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "initdb.exe" : "initdb"))).Distinct())
        {
            var found = await ReadVersionAsync(folder, ct);
            if (found is null) continue;
            seen.Add($"{folder} (version {found})");
            if (version is null ? found is >= Database.OldestVersion and <= Database.NewestVersion : found == version) return new PostgresBinaries(folder, found.Value);
        }
        var wanted = version is null ? $"PostgreSQL {Database.OldestVersion} to {Database.NewestVersion}" : $"PostgreSQL {version}, with which the data was made,";
        var others = seen.Count == 0 ? "" : $" Found only: {string.Join(", ", seen)}.";
        throw new EmbeddedPostgresException($"{wanted} was not found.{others} Run \"npm ci\" in the folder designer, install PostgreSQL, "
            + "set XRM_POSTGRES_BIN to the folder of its programs, or use another database with --database.");
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("XRM_POSTGRES_BIN") is { Length: > 0 } told)
        {
            foreach (var folder in new[] { told, Path.Combine(told, "native", "bin"), Path.Combine(told, "bin") }) yield return Prepare(folder);
        }
        foreach (var package in NpmPostgres.Folders()) yield return Prepare(Path.Combine(package, "native", "bin"));
        foreach (var folder in OnMachine()) yield return folder;
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(folder => folder.Length > 0)) yield return folder;
    }

    private static string Prepare(string folder)
    {
        NpmPostgres.RestoreLinks(Path.GetFullPath(Path.Combine(folder, "..", "..")));
        return folder;
    }

    /// <summary>Debian and Ubuntu, Fedora and Red Hat, Homebrew, Windows.</summary>
    private static IEnumerable<string> OnMachine()
    {
        string[] parents = ["/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt", @"C:\Program Files\PostgreSQL"];
        return parents.Where(Directory.Exists)
            .SelectMany(parent => Directory.GetDirectories(parent))
            .Where(folder => Path.GetFileName(folder) is var name && (char.IsAsciiDigit(name[0]) || name.StartsWith("postgresql", StringComparison.Ordinal)))
            .OrderByDescending(folder => folder, StringComparer.Ordinal)
            .Select(folder => Path.Combine(folder, "bin"));
    }

    private static async Task<int?> ReadVersionAsync(string folder, CancellationToken ct)
    {
        var program = Path.Combine(folder, OperatingSystem.IsWindows() ? "postgres.exe" : "postgres");
        if (!File.Exists(program)) return null;
        try
        {
            var (exitCode, output) = await ProgramRun.RunAsync([program, "--version"], Path.GetPathRoot(Path.GetFullPath(folder))!, ct);
            var match = MajorVersion().Match(output);
            return exitCode == 0 && match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Not a program for this machine: look further.
            return null;
        }
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex MajorVersion();
}
