using System.Text.RegularExpressions;
using Xrm.Scripting.Declarations;

namespace Xrm.Scripting.Tests;

/// <summary>What the declarations promise, the sandbox has.</summary>
public sealed partial class LibraryTests : IDisposable
{
    private readonly ScriptEngineTests _scripts = new();

    public void Dispose() => _scripts.Dispose();

    private static List<string> Expressions()
    {
        var members = new List<string>();
        foreach (Match type in Interface().Matches(ScriptDeclarations.Library))
        {
            var name = type.Groups["name"].Value;
            var holder = name switch
            {
                _ when name.EndsWith("Constructor", StringComparison.Ordinal) => name[..^"Constructor".Length],
                "Math" or "JSON" => name,
                "CallableFunction" or "Function" => "parseInt",
                "ReadonlyArray" => "Array.prototype",
                "RegExp" => "/x/",
                "Object" or "Array" or "String" or "Number" or "Boolean" or "Date" or "Error" => $"{name}.prototype",
                _ => "",
            };
            if (holder.Length == 0) continue;
            foreach (var member in Member().Matches(type.Groups["body"].Value).Select(match => match.Groups["name"].Value).Distinct())
                if (member is not ("prototype" or "new")) members.Add($"{holder}.{member}");
        }
        foreach (Match global in Global().Matches(ScriptDeclarations.Library + ScriptDeclarations.Functions))
            members.Add(global.Groups["name"].Value);
        return members;
    }

    [Fact]
    public async Task Declared_built_ins_are_there()
    {
        var expressions = Expressions();
        Assert.True(expressions.Count > 150, $"Only {expressions.Count} members were found in the declarations.");
        var checks = expressions.Select(expression => $"if (typeof ({expression}) === 'undefined') missing.push('{expression}');");
        var outcome = await _scripts.RunAsync($"var missing = []; {string.Join('\n', checks)} record.title = 'missing: ' + missing.join();");
        Assert.Equal("missing: ", outcome.Changes["title"]);
    }

    [GeneratedRegex(@"^interface (?<name>\w+)[^\n]*\{\n(?<body>.*?)^\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Interface();

    [GeneratedRegex(@"^  (?:readonly )?(?<name>\w+)[(:<?]", RegexOptions.Multiline)]
    private static partial Regex Member();

    [GeneratedRegex(@"^declare (?:const|function) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Global();
}
