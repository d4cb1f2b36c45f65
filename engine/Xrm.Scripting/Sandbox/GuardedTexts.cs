using System.Text;
using System.Text.RegularExpressions;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.RegExp;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace Xrm.Scripting.Sandbox;

/// <summary>Text built-ins that can make much out of little, and regular expressions that end in time.</summary>
internal sealed class GuardedTexts(Engine engine, Meter meter)
{
    private const int LongestPattern = 1000;

    public void Install()
    {
        var prototype = engine.String.PrototypeObject;
        GuardedEngine.Set(prototype, "replace", new ClrFunctionInstance(engine, Replace));
        GuardedEngine.Set(prototype, "concat", new ClrFunctionInstance(engine, (self, arguments) => Concat(self, arguments)));
        var split = prototype.Get("split");
        GuardedEngine.Set(prototype, "split", new ClrFunctionInstance(engine, (self, arguments) =>
        {
            meter.Elements(TypeConverter.ToString(self).Length);
            return Timed(() => split.Invoke(self, arguments));
        }));
        foreach (var name in new[] { "match", "search" })
        {
            var original = prototype.Get(name);
            GuardedEngine.Set(prototype, name, new ClrFunctionInstance(engine, (self, arguments) =>
            {
                meter.Elements(TypeConverter.ToString(self).Length);
                return Timed(() => original.Invoke(self, Patterns(arguments)));
            }));
        }
        foreach (var name in new[] { "exec", "test" })
        {
            var original = engine.RegExp.PrototypeObject.Get(name);
            GuardedEngine.Set(engine.RegExp.PrototypeObject, name, new ClrFunctionInstance(engine, (self, arguments) => Timed(() => original.Invoke(self, arguments))));
        }
        engine.RegExp.PrototypeObject.RemoveOwnProperty("compile");
        GuardedEngine.Set(engine.Global, Instrumentation.RegExpName, new ClrFunctionInstance(engine, (_, arguments) => Build(arguments)));
        GuardedEngine.Set(engine.Global, "RegExp", new GuardedRegExp(engine, this));
        GuardedEngine.Set(engine.RegExp.PrototypeObject, "constructor", engine.Global.Get("RegExp"));
    }

    /// <summary>A regular expression whose every match ends within what is left of the run.</summary>
    public RegExpInstance Build(JsValue[] arguments)
    {
        meter.Tick();
        var source = arguments.Length == 0 ? "(?:)" : arguments[0].IsRegExp() ? arguments[0].AsRegExp().Source : TypeConverter.ToString(arguments[0]);
        if (source.Length > LongestPattern) throw new LimitReached("rule_error", $"A regular expression is longer than {LongestPattern} characters.");
        var made = (RegExpInstance)engine.RegExp.Construct([.. arguments.Take(2)]);
        made.Value = new Regex(made.Value.ToString(), made.Value.Options, meter.Limits.Time / 4);
        return made;
    }

    // match and search make a regular expression of a text, without a time limit: it is made here instead.
    private JsValue[] Patterns(JsValue[] arguments) => arguments is [var first, ..] && !first.IsRegExp() ? [new JsValue(Build([first])), .. arguments.Skip(1)] : arguments;

    private JsValue Concat(JsValue self, JsValue[] arguments)
    {
        var parts = arguments.Prepend(self).Select(TypeConverter.ToString).ToList();
        meter.Text(parts.Sum(part => (long)part.Length));
        return string.Concat(parts);
    }

    private JsValue Replace(JsValue self, JsValue[] arguments)
    {
        meter.Tick();
        var text = TypeConverter.ToString(self);
        var pattern = arguments.Length > 0 ? arguments[0] : JsValue.Undefined;
        var by = arguments.Length > 1 ? arguments[1] : JsValue.Undefined;
        if (!pattern.IsRegExp()) return ReplaceFirst(text, TypeConverter.ToString(pattern), by);
        var regex = pattern.AsRegExp();
        var length = (long)text.Length;
        return Timed(() => (JsValue)regex.Value.Replace(text, match =>
        {
            var replacement = Replacement(match.Value, [.. match.Groups.Values.Skip(1)], match.Index, text, by);
            meter.Text(length += replacement.Length);
            return replacement;
        }, regex.Global ? -1 : 1));
    }

    private JsValue ReplaceFirst(string text, string found, JsValue by)
    {
        var index = text.IndexOf(found, StringComparison.Ordinal);
        if (index < 0) return text;
        var replacement = Replacement(found, [], index, text, by);
        meter.Text((long)text.Length + replacement.Length);
        return string.Concat(text.AsSpan(0, index), replacement, text.AsSpan(index + found.Length));
    }

    private string Replacement(string matched, Group[] groups, int index, string text, JsValue by)
    {
        meter.Tick();
        if (by.TryCast<FunctionInstance>() is { } function)
        {
            JsValue[] arguments = [matched, .. groups.Select(group => group.Success ? (JsValue)group.Value : JsValue.Undefined), (double)index, text];
            return TypeConverter.ToString(function.Call(JsValue.Undefined, arguments));
        }
        var pattern = TypeConverter.ToString(by);
        return pattern.Contains('$') ? Expand(pattern, matched, groups, index, text) : pattern;
    }

    private string Expand(string pattern, string matched, Group[] groups, int index, string text)
    {
        var result = new StringBuilder();
        for (var at = 0; at < pattern.Length; at++)
        {
            var next = pattern[at] == '$' && at + 1 < pattern.Length ? pattern[at + 1] : '\0';
            var (part, taken) = next switch
            {
                '$' => ("$", 1),
                '&' => (matched, 1),
                '`' => (text[..index], 1),
                '\'' => (text[(index + matched.Length)..], 1),
                >= '1' and <= '9' when next - '0' <= groups.Length => (groups[next - '1'].Value, 1),
                _ => (pattern[at].ToString(), 0),
            };
            result.Append(part);
            meter.Text(result.Length);
            at += taken;
        }
        return result.ToString();
    }

    private JsValue Timed(Func<JsValue> match)
    {
        try
        {
            meter.Tick();
            return match();
        }
        catch (RegexMatchTimeoutException)
        {
            throw new LimitReached("rule_time_limit", "A regular expression took too long: it tries too many ways to match.");
        }
    }
}
