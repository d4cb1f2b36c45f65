using Xrm.Data.Access;
using Xrm.Scripting;

namespace Xrm.Server.Pipeline.Scripts;

/// <summary>Callers as scripts see them.</summary>
internal static class ScriptCallers
{
    public static ScriptUser Of(Caller caller) => new(caller.UserId, caller.UserName, caller.DisplayName, [.. caller.Roles.Order(StringComparer.Ordinal)]);
}
