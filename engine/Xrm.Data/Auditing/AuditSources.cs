namespace Xrm.Data.Auditing;

/// <summary>Through what something came about.</summary>
public static class AuditSources
{
    /// <summary>Somebody at a screen: a request with a session.</summary>
    public const string Screen = "screen";

    /// <summary>A program: a request with an access token.</summary>
    public const string Api = "api";

    /// <summary>A rule, a script or an action.</summary>
    public const string Rule = "rule";

    /// <summary>A workflow.</summary>
    public const string Workflow = "workflow";

    /// <summary>An import of many records.</summary>
    public const string Import = "import";

    /// <summary>A job that changes many records.</summary>
    public const string Job = "job";

    /// <summary>The engine itself: starter data, settings, clean-ups, the command line.</summary>
    public const string System = "system";
}
