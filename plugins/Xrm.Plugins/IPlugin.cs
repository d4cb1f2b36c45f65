namespace Xrm.Plugins;

/// <summary>
/// The entry of a plugin assembly: exactly one public class with a parameterless constructor implements it. It is
/// created once, when the server starts, and says there what it contributes.
/// </summary>
public interface IPlugin
{
    /// <summary>Registers what the plugin contributes.</summary>
    /// <param name="registry">Takes the contributions; of no use after the call.</param>
    /// <remarks>After an exception the server goes on without the plugin, and says so in its log and in <c>xrm doctor</c>.</remarks>
    void Register(IPluginRegistry registry);
}

/// <summary>Takes what a plugin contributes.</summary>
public interface IPluginRegistry
{
    /// <summary>The plugin's settings: its section of <c>plugins.json</c> in the data folder; an empty object where there is none.</summary>
    System.Text.Json.JsonElement Settings { get; }

    /// <summary>The clock to use.</summary>
    TimeProvider Time { get; }

    /// <summary>Writes a line to the server's log under the plugin's name. Never pass secrets.</summary>
    Action<string> Log { get; }

    /// <summary>
    /// A client for calls by HTTP, to be kept as long as the plugin lives. It connects to addresses of the internet alone, whatever its URL names, follows no redirects
    /// and sends no cookies.
    /// </summary>
    /// <param name="ownNetwork">It may reach this machine and its network, too: for URLs that stand in the plugin's settings, never for those that come from records.</param>
    HttpClient CreateHttpClient(bool ownNetwork);

    /// <summary>Sees, and may change or refuse, records before they are written.</summary>
    void BeforeSave(IBeforeSave step);

    /// <summary>Sees records after they are written, inside the same transaction.</summary>
    void AfterSave(IAfterSave step);

    /// <summary>A step type that workflows can use.</summary>
    /// <param name="name">Name of the step type in workflow files, e.g. <c>sms</c>; must not be one of the engine's.</param>
    /// <param name="action">What the step does.</param>
    void WorkflowAction(string name, IWorkflowAction action);

    /// <summary>Receives committed record events, with retries.</summary>
    /// <param name="name">Name of the receiver, unique in the plugin; stands in the list of failed deliveries.</param>
    /// <param name="handler">The receiver.</param>
    void OnRecordEvent(string name, IRecordEventHandler handler);

    /// <summary>Work that is done again and again, on one node at a time.</summary>
    /// <param name="name">Name of the job, unique in the plugin.</param>
    /// <param name="interval">Time between two runs.</param>
    /// <param name="job">The work.</param>
    void BackgroundJob(string name, TimeSpan interval, IBackgroundJob job);
}
