using System.Runtime.CompilerServices;
using Jint.Parser;
using Jint.Runtime;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Uses;
using Xrm.Scripting.Sandbox;

namespace Xrm.Scripting;

/// <summary>Runs the scripts of rules: each run alone in an engine, within limits, without access to .NET. Safe for many callers at once.</summary>
public sealed class ScriptEngine : IDisposable
{
    private const int MostThreads = 16;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private readonly ScriptThreads _threads = new(MostThreads);
    // By the text itself, not by what it says: packages that are not read anew keep it.
    private readonly ConditionalWeakTable<string, ParsedScript> _programs = [];
    private readonly ScriptLimits _limits;
    private readonly EnginePool _engines;

    /// <summary>Starts with the given limits.</summary>
    public ScriptEngine(ScriptLimits limits) => (_limits, _engines) = (limits, new EnginePool(limits, MostThreads));

    /// <summary>Starts with the default limits.</summary>
    public ScriptEngine() : this(new ScriptLimits())
    {
    }

    /// <summary>What is wrong with the script's syntax, with its line; null where it can run.</summary>
    public async Task<Problem?> CheckAsync(Rule rule, CancellationToken ct)
    {
        try
        {
            await _threads.RunAsync(() => Parsed(rule), ct);
            return null;
        }
        catch (ScriptException wrong)
        {
            return new Problem(wrong.Code, rule.Location with { Line = wrong.Line }, wrong.Reason,
                "Scripts are ECMAScript 5 with let and const: no arrow functions, classes or templates.");
        }
    }

    /// <summary>What a script probably speaks of: fields of its record, options of these, roles.</summary>
    /// <param name="rule">The rule, whose script <see cref="CheckAsync"/> finds right.</param>
    /// <param name="model">The rule's model.</param>
    /// <param name="ct">Cancels the call.</param>
    public Task<IReadOnlyList<Reference>> ReferencesAsync(Rule rule, Model model, CancellationToken ct) =>
        _threads.RunAsync<IReadOnlyList<Reference>>(() => [.. ScriptReferences.Of(rule, model)], ct);

    /// <summary>Runs a rule.</summary>
    /// <exception cref="ScriptException">The script is wrong or reached a limit.</exception>
    public async Task<ScriptOutcome> RunAsync(Rule rule, ScriptCall call, CancellationToken ct)
    {
        var run = _threads.RunAsync(() => Run(rule, call, ct), ct);
        try
        {
            // The limits end a run by themselves; should a built-in ever hold one up longer, its thread is lost but the request is not.
            return await run.WaitAsync(_limits.WaitingTime + Grace, ct);
        }
        catch (TimeoutException late)
        {
            throw new ScriptException("rule_time_limit", rule, 0, "The script did not end within its time.", late);
        }
    }

    /// <summary>Ends the threads that are idle; busy ones end with their run.</summary>
    public void Dispose() => _threads.Dispose();

    private ScriptOutcome Run(Rule rule, ScriptCall call, CancellationToken ct)
    {
        var parsed = Parsed(rule);
        var engine = _engines.Take(parsed.NeedsPrelude);
        var run = new ScriptRun(rule, parsed, engine);
        try
        {
            return run.Run(call, ct);
        }
        catch (LimitReached limit)
        {
            throw new ScriptException(limit.Code, rule, run.Line, limit.Message, limit);
        }
        catch (JavaScriptException error)
        {
            throw new ScriptException("rule_error", rule, error.LineNumber > 0 ? error.LineNumber : run.Line, error.Message, error);
        }
        catch (StatementsCountOverflowException)
        {
            throw new ScriptException("rule_statement_limit", rule, run.Line, $"The script ran more than {_limits.Statements} statements.");
        }
        catch (RecursionDepthOverflowException)
        {
            throw new ScriptException("rule_recursion_limit", rule, run.Line, $"A function called itself more than {_limits.Recursion} times.");
        }
        catch (Exception defect) when (defect is not ScriptException and not OperationCanceledException)
        {
            throw new ScriptException("rule_error", rule, run.Line, "The script did something that the script engine cannot do.", defect);
        }
        finally
        {
            if (run.IsClean) _engines.GiveBack(engine);
        }
    }

    private ParsedScript Parsed(Rule rule)
    {
        if (_programs.TryGetValue(rule.Script, out var known)) return known;
        if (rule.Script.Length > _limits.SourceLength) throw new ScriptException("rule_syntax", rule, 0, $"The script is longer than {_limits.SourceLength} characters.");
        try
        {
            return _programs.GetValue(rule.Script, static script => ScriptParser.Rule(script));
        }
        catch (ParserException wrong)
        {
            throw new ScriptException("rule_syntax", rule, wrong.LineNumber, wrong.Description ?? wrong.Message, wrong);
        }
    }
}
