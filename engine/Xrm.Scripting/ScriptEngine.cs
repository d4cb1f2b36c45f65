using System.Runtime.CompilerServices;
using Jint.Parser;
using Jint.Runtime;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.Uses;
using Xrm.Scripting.Sandbox;

namespace Xrm.Scripting;

/// <summary>Runs scripts: each run alone in an engine, within limits, without access to .NET. Safe for many callers at once.</summary>
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

    /// <summary>What is wrong with the script's syntax, or what it reaches for that is not there, with its line; null where it can run.</summary>
    public async Task<Problem?> CheckAsync(Script script, CancellationToken ct)
    {
        try
        {
            var (reached, line) = await _threads.RunAsync(() =>
            {
                Parsed(script);
                return UnavailableNames.Used(script.Text).FirstOrDefault();
            }, ct);
            return reached is null ? null : new Problem("rule_unavailable", script.Location with { Line = line }, reached, "Docs: Scripts of rules, \"The language\" and \"What a script sees\".");
        }
        catch (ScriptException wrong)
        {
            return new Problem(wrong.Code, script.Location with { Line = wrong.Line }, wrong.Reason,
                Metadata.Source.BuiltScript.IsSource(script.Location.File)
                    ? "The sandbox of rules does not take this. Write it in another way, then run xrm build with the package's folder."
                    : $"JavaScript files hold ECMAScript 5 with let and const. For newer syntax, rename the file to {Metadata.Source.BuiltScript.SourceOf(script.Location.File)}, name that in the script, and run xrm build with the package's folder.");
        }
    }

    /// <summary>What scripts, those of forms among them, probably speak of: fields of their record and of the entities that they ask for, options of these, roles.</summary>
    /// <param name="scripts">Model with the scripts.</param>
    /// <param name="names">Model with the names; another one where it is asked what the scripts mean by names that there were.</param>
    public static IEnumerable<Reference> References(Model scripts, Model names) =>
        scripts.Scripts.Select(script => (script.Text, script.Location, script.Entity))
            .Concat(from entity in scripts.Entities from form in entity.FormScripts select (form.Text, form.Location, Entity: (Entity?)entity))
            .SelectMany(script => ScriptReferences.Of(script.Text, script.Location, Former(script.Entity, names), names));

    private static Entity? Former(Entity? entity, Model names) => entity is null ? null : names.FindEntity(entity.Name) ?? names.FindEntity(entity.Source.RenamedFrom ?? "");

    /// <summary>The mistake of a script that has set a value which its record cannot take, at the line where it sets it.</summary>
    /// <param name="script">The script.</param>
    /// <param name="property">What scripts call the value.</param>
    /// <param name="message">What is wrong, for the author.</param>
    public static ScriptException WrongValue(Script script, string property, string message) => new("rule_value", script, ScriptParser.LineOfChange(script.Text, property), message);

    /// <summary>Runs a script.</summary>
    /// <exception cref="ScriptException">The script is wrong or reached a limit.</exception>
    /// <exception cref="ScriptHostException">What it asked of other records was refused.</exception>
    public async Task<ScriptOutcome> RunAsync(Script script, ScriptCall call, CancellationToken ct)
    {
        // To wake a thread for it takes longer than most scripts run.
        if (_programs.TryGetValue(script.Text, out var known) && known.IsShallow) return Run(script, call, new RunProgress(ct, ct));
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var waitingTime = call.WaitingTime ?? _limits.WaitingTime;
        limited.CancelAfter(waitingTime);
        var progress = new RunProgress(limited.Token, ct);
        var run = call.Inside is { } inside ? inside.RunAsync(() => Run(script, call, progress)) : _threads.RunAsync(() => Run(script, call, progress), ct);
        while (true)
            try
            {
                // The limits end a run by themselves; should a built-in ever hold one up longer, its thread is lost but the request is not.
                return await run.WaitAsync(waitingTime + Grace, CancellationToken.None);
            }
            catch (TimeoutException late)
            {
                // The host's work is cancelled by now. What it works with must not be taken away before it has ended.
                if (!progress.IsAtHost) throw new ScriptException("rule_time_limit", script, 0, "The script did not end within its time.", late);
            }
    }

    /// <summary>Ends the threads that are idle; busy ones end with their run.</summary>
    public void Dispose() => _threads.Dispose();

    private ScriptOutcome Run(Script script, ScriptCall call, RunProgress progress)
    {
        var parsed = Parsed(script);
        var engine = call.Trace is null ? _engines.Take(parsed.NeedsPrelude) : new GuardedEngine(_limits, parsed.NeedsPrelude, isTraced: true);
        var run = new ScriptRun(script, parsed, engine, call, progress);
        try
        {
            return run.Run();
        }
        catch (LimitReached limit)
        {
            throw new ScriptException(limit.Code, script, run.Line, limit.Message, limit);
        }
        catch (JavaScriptException error)
        {
            throw new ScriptException("rule_error", script, error.LineNumber > 0 ? parsed.Lines.LineOf(error.LineNumber, error.Column) : run.Line, ScriptRun.Cut(Thrown(error), ScriptRun.LongestMessage), error);
        }
        catch (StatementsCountOverflowException)
        {
            throw new ScriptException("rule_statement_limit", script, run.Line, $"The script ran more than {_limits.Statements} statements.");
        }
        catch (RecursionDepthOverflowException)
        {
            throw new ScriptException("rule_recursion_limit", script, run.Line, $"A function called itself more than {_limits.Recursion} times.");
        }
        catch (Exception refused) when (ReferenceEquals(refused, run.Refusal))
        {
            if (refused is ScriptWaitException { InnerException: { } reason }) throw new ScriptHostException(script, run.Line, reason);
            if (progress.IsOutOfTime) throw new ScriptException("rule_time_limit", script, run.Line, $"The script and what it led to ran longer than {(call.WaitingTime ?? _limits.WaitingTime).TotalSeconds:0} s.", refused);
            if (refused is OperationCanceledException) throw;
            throw new ScriptHostException(script, run.Line, refused);
        }
        catch (Exception defect) when (defect is not ScriptException and not OperationCanceledException)
        {
            throw new ScriptException("rule_error", script, run.Line, "The script did something that the script engine cannot do.", defect);
        }
        finally
        {
            if (run.IsClean && call.Trace is null) _engines.GiveBack(engine);
        }
    }

    // A script can throw anything; what is no error has no message of its own.
    private static string Thrown(JavaScriptException thrown) => thrown.Error switch
    {
        var error when error.IsObject() => error.AsObject().Get("message") is var text && text.IsString() && text.AsString().Length > 0 ? UnavailableNames.Explain(thrown.Message) ?? thrown.Message : "The script threw an object without a message. To refuse the save, call fail with a sentence.",
        var value => $"The script threw {(value.IsString() ? $"'{value.AsString()}'" : TypeConverter.ToString(value))}. To refuse the save, call fail with a sentence.",
    };

    private ParsedScript Parsed(Script script)
    {
        if (_programs.TryGetValue(script.Text, out var known)) return known;
        if (SourceLines.StartOfMap(script.Text) > _limits.SourceLength) throw new ScriptException("rule_syntax", script, 0, $"The script is longer than {_limits.SourceLength} characters.");
        try
        {
            return _programs.GetValue(script.Text, static text => ScriptParser.Rule(text));
        }
        catch (ParserException wrong)
        {
            throw new ScriptException("rule_syntax", script, SourceLines.Of(script.Text).LineOf(wrong.LineNumber, wrong.Column), wrong.Description ?? wrong.Message, wrong);
        }
    }
}
