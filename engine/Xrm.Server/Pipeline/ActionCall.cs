using System.Text.Json;
using Xrm.Metadata.Compiled;

namespace Xrm.Server.Pipeline;

/// <summary>A call of an action.</summary>
/// <param name="Action">The action.</param>
/// <param name="Parameters">JSON object: the values of its parameters, by name.</param>
internal sealed record ActionCall(ScriptAction Action, JsonElement Parameters);
