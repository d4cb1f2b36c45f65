using Xrm.Data.Errors;
using Xrm.Scripting;

namespace Xrm.Server.Pipeline.Scripts;

/// <summary>Refusals of what scripts ask for.</summary>
internal static class ScriptRefusals
{
    private const int LongestMessage = 2000;

    /// <summary>What became of another record, told of the script that wanted it; what concerns the whole request, as it is.</summary>
    public static XrmException Of(ScriptHostException stopped, XrmException refused)
    {
        if (refused.Status >= 500 || refused.Code is "rule_recursion" or "record_busy") return refused;
        var what = refused.Errors.IsEmpty ? refused.Message : string.Join(" ", refused.Errors.Select(error => error.Field is null ? error.Message : $"{error.Field}: {error.Message}"));
        // It can repeat what the script said, such as a name of a million characters.
        if (what.Length > LongestMessage) what = string.Concat(what.AsSpan(0, LongestMessage - 1), "…");
        return new XrmException("rule_refused_elsewhere", refused.Status == 403 ? 403 : 422, $"{stopped.Script}, line {stopped.Line} of {stopped.Script.Location.File}: {what}", inner: refused);
    }
}
