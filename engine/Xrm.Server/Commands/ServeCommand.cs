using System.CommandLine;
using Xrm.Server.Features.Publish;
using Xrm.Server.Hosting;
using Xrm.Server.Organisations;
using Xrm.Server.Security.Protection;

namespace Xrm.Server.Commands;

/// <summary><c>xrm serve</c>: the server.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Start the server; the embedded database starts and stops with it.");
        var url = new Option<string>("--url") { Description = "Address to listen on", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:5080" };
        var packages = new Option<DirectoryInfo[]>("--package")
        {
            Description = "Folder of a package to publish at start, after core, contracts and assets; can be repeated",
            HelpName = "DIR",
        };
        command.Options.Add(url);
        command.Options.Add(packages);
        var connection = new ConnectionOptions(command, isOfOrganisation: false);
        command.SetAction((parsed, ct) => RunAsync(parsed.GetRequiredValue(url), parsed.GetValue(packages) ?? [], connection.Read(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(string url, DirectoryInfo[] packages, ConnectionSettings settings, CancellationToken ct)
    {
        var installation = Installation.Find();
        await using var database = await DatabaseHost.OpenAsync(settings, Say, ct);

        // Settings are read once: watching for changes would mean watching the whole folder that the server was started in.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.WebHost.UseUrls(url).UseKestrelHttpsConfiguration();
        builder.Logging.ClearProviders().AddSimpleConsole(options => options.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.None);
        builder.Services.AddEngine(database.ConnectionString, installation, new MasterKeyPlace(settings.DataDirectory, database.IsEmbedded)).AddBackgroundWork();
        builder.AddWeb();
        await using var app = builder.Build();
        IReadOnlyList<string> folders = [.. installation.DefaultPackages, .. packages.Select(package => package.FullName)];
        // The routes do not ask for the model: they are made while it is loaded.
        var preparing = Task.Run(() => app.Services.GetRequiredService<Startup>().PrepareAsync(folders, Say, ct), ct);
        app.UseWeb(installation);
        var password = await preparing;
        await app.Services.GetRequiredService<OrganisationDirectory>().LoadAsync(ct);
        await app.StartAsync(ct);
        if (password is not null) Say($"First sign-in: user admin, one-time password {password}");
        // The last line: whoever waits for it, a script perhaps, has read all that a start tells.
        Say($"Xrm is ready: {string.Join(", ", app.Urls)}   ({database.Description})");
        await app.WaitForShutdownAsync(ct);
        return ExitCodes.Ok;
    }

    private static void Say(string line) => Console.Out.WriteLine(line);
}
