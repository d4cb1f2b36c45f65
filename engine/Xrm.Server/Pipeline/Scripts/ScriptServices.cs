using Xrm.Data.Outbox;
using Xrm.Server.Pipeline.Insight;

namespace Xrm.Server.Pipeline.Scripts;

/// <summary>What scripts are served with besides records.</summary>
/// <param name="Mails">Outgoing mails.</param>
/// <param name="Http">Other servers.</param>
/// <param name="Waits">Tells what a script waited for.</param>
/// <param name="Activity">Watches over the rules.</param>
internal sealed record ScriptServices(MailStore Mails, ScriptHttp Http, ScriptWaits Waits, RuleActivity Activity);
