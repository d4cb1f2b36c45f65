using System.Security.Cryptography;
using System.Text;

namespace Xrm.Data.Embedded;

/// <summary>The operating system's user that PostgreSQL runs as. PostgreSQL refuses to run as root.</summary>
/// <param name="Name">Name of another user, where we are root; null for the user that we are.</param>
internal sealed record ServerUser(string? Name)
{
    /// <summary>The user to run as.</summary>
    /// <exception cref="EmbeddedPostgresException">We are root and cannot become somebody else.</exception>
    public static ServerUser Find()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess) return new ServerUser((string?)null);
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/setpriv") && !File.Exists("/bin/setpriv"))
            throw new EmbeddedPostgresException("PostgreSQL does not run as root, and there is no setpriv to become another user. Start as another user, install util-linux, or use another database with --database.");
        var names = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet();
        return new ServerUser(new[] { "postgres", "nobody" }.FirstOrDefault(names.Contains)
            ?? throw new EmbeddedPostgresException("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody on this machine. Start as another user."));
    }

    /// <summary>The command line that runs a program as this user.</summary>
    public IReadOnlyList<string> Command(params IEnumerable<string> arguments) => Name is null
        ? [.. arguments]
        : ["setpriv", $"--reuid={Name}", $"--regid={GroupId()}", "--clear-groups", "--", .. arguments];

    /// <summary>Makes a folder of this user's own that nobody else can write.</summary>
    public async Task MakeFolderAsync(string folder, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await OwnAsync(folder, ct);
    }

    /// <summary>Gives a file or folder to this user.</summary>
    public async Task OwnAsync(string path, CancellationToken ct)
    {
        if (Name is null) return;
        var (exitCode, output) = await ProgramRun.RunAsync(["chown", $"{Name}:{GroupId()}", path], "/", ct);
        if (exitCode != 0) throw new EmbeddedPostgresException($"{path} cannot be given to the user {Name}: {output}");
    }

    /// <summary>A place for the server's files that this user can reach: the wanted one, or else one under <c>/var/tmp</c>.</summary>
    public async Task<string> MakeHomeAsync(string wanted, Action<string> log, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(wanted)!);
        if (Name is null || await CanEnterAsync(Path.GetDirectoryName(wanted)!, ct))
        {
            await MakeFolderAsync(wanted, ct);
            return wanted;
        }
        var name = $"xrm-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..12]}";
        var home = Path.Combine("/var/tmp", name);
        await RefuseForeignAsync(home, ct);
        await MakeFolderAsync(home, ct);
        log($"Started as root, so PostgreSQL runs as the user {Name}. That user cannot reach {wanted}: the database lies in {home}.");
        return home;
    }

    /// <summary>Programs that this user can run: the given ones, or a copy of them beside the data.</summary>
    public async Task<PostgresBinaries> MakeReachableAsync(PostgresBinaries binaries, CancellationToken ct)
    {
        if (Name is null || await CanEnterAsync(binaries.Folder, ct)) return binaries;
        var installation = Path.GetDirectoryName(binaries.Folder)!;
        var changed = File.GetLastWriteTimeUtc(binaries.Program("postgres")).Ticks;
        var name = $"xrm-postgresql-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{installation} {changed}")))[..12]}";
        var copy = Path.Combine("/var/tmp", name);
        await RefuseForeignAsync(copy, ct);
        if (!Directory.Exists(copy))
        {
            var (exitCode, output) = await ProgramRun.RunAsync(["sh", "-c", "cp -a \"$0\" \"$1\" && chown -R \"$2\" \"$1\" && chmod -R u+rX \"$1\" && mv \"$1\" \"$3\"", installation, $"{copy}.new", Name, copy], "/", ct);
            if (exitCode != 0) throw new EmbeddedPostgresException($"The user {Name} cannot reach {binaries.Folder}, and it cannot be copied to {copy}: {output}");
        }
        return binaries with { Folder = Path.Combine(copy, "bin") };
    }

    private async Task<bool> CanEnterAsync(string folder, CancellationToken ct)
    {
        var (exitCode, _) = await ProgramRun.RunAsync(Command("test", "-x", folder, "-a", "-r", folder), "/", ct);
        return exitCode == 0;
    }

    /// <summary>Anybody may write in /var/tmp: what another user put there is not ours to trust.</summary>
    private async Task RefuseForeignAsync(string folder, CancellationToken ct)
    {
        if (!Directory.Exists(folder)) return;
        var (_, owner) = await ProgramRun.RunAsync(["stat", "-c", "%U", folder], "/", ct);
        if (owner != Name) throw new EmbeddedPostgresException($"{folder} belongs to the user {owner}, not to {Name}. Remove it, or choose another --data.");
    }

    private string GroupId() => File.ReadLines("/etc/passwd").Select(line => line.Split(':')).First(parts => parts[0] == Name)[3];
}
