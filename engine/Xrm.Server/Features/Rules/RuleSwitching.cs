using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Data.Rules;
using Xrm.Metadata.Compiled;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Rules;

/// <summary>Switches rules off and on, in the name of who asks.</summary>
internal sealed class RuleSwitching(CurrentModel current, RuleSwitches switches, CallerProvider callers, ILogger<RuleSwitching> log)
{
    private const int LongestReason = 1000;

    /// <summary>Switches a rule, an action, a schedule or a script of forms.</summary>
    /// <exception cref="XrmException">404: there is no such; 400: no reason, or a very long one; 409: it is so already.</exception>
    public async Task RunAsync(HttpContext http, ((string Kind, string? Entity, string Name) What, bool IsOff) wanted, string? reason, CancellationToken ct)
    {
        var key = Find(current.Value.Model, wanted.What);
        if (string.IsNullOrWhiteSpace(reason)) throw XrmException.Invalid([new FieldError("reason", "required", "Say why, so that others understand it later.")]);
        if (reason.Length > LongestReason) throw XrmException.Invalid([new FieldError("reason", "too_long", $"The reason must not be longer than {LongestReason} characters.")]);
        if ((await switches.LoadAsync(ct)).Contains(key) == wanted.IsOff)
            throw new XrmException("rule_switched_already", 409, $"It is switched {(wanted.IsOff ? "off" : "on")} already.");
        var caller = await callers.GetAsync(http, ct);
        await switches.SwitchAsync(new RuleSwitch { Kind = key.Kind, Entity = key.Entity, Rule = key.Name, IsOff = wanted.IsOff, Reason = reason.Trim(), UserId = caller.UserId }, ct);
        log.LogWarning("{Kind} {Entity}.{Rule} was switched {State} by {User}: {Reason}", key.Kind, key.Entity, key.Name, wanted.IsOff ? "off" : "on", caller.UserName, reason.Trim());
    }

    private static RuleKey Find(Model model, (string Kind, string? Entity, string Name) what) => what.Kind switch
    {
        RuleKey.OfActions => model.Actions.FirstOrDefault(one => one.Name == what.Name) is { } action ? RuleKey.Of(action) : throw Unknown("action", what.Name),
        RuleKey.OfSchedules => model.Schedules.FirstOrDefault(one => one.Name == what.Name) is { } schedule ? RuleKey.Of(schedule) : throw Unknown("schedule", what.Name),
        RuleKey.OfForms => model.Entities.SelectMany(entity => entity.FormScripts.Where(one => one.Name == what.Name).Select(script => (RuleKey?)RuleKey.Of(entity, script))).FirstOrDefault() ?? throw Unknown("script of forms", what.Name),
        _ => RuleKey.Of(RuleEndpoints.Find(model, what.Entity!, what.Name)),
    };

    private static XrmException Unknown(string kind, string name) => new("not_found", 404, $"There is no {kind} {name}.");
}
