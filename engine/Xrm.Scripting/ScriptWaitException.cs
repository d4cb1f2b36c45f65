namespace Xrm.Scripting;

/// <summary>What a script asked of its <see cref="IScriptHost"/> was not there in time, and the host knows why: that is told, and not only that the time is over.</summary>
/// <param name="reason">Why.</param>
public sealed class ScriptWaitException(Exception reason) : Exception(reason.Message, reason);
