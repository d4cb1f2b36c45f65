using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Xrm.Architecture.Tests;

public sealed partial class HabitTests
{
    private const int LongestFile = 400;
    private const int LongestFunction = 60;

    public static TheoryData<string> Assemblies => ["Xrm.Metadata", "Xrm.Formulas", "Xrm.Data", "Xrm.Scripting", "Xrm.Server", "Xrm.Plugins"];

    [Fact]
    public void Source_file_stays_below_the_length_limit() =>
        Assert.Empty(SourceTree.CSharp("engine", "plugins", "tests")
            .Select(file => (file.Path, Lines: file.Text.Count(character => character == '\n')))
            .Where(file => file.Lines > LongestFile)
            .Select(file => $"{file.Path}: {file.Lines} lines"));

    [Fact]
    public void Function_stays_below_the_length_limit() =>
        Assert.Empty(SourceTree.CSharp("engine", "plugins").SelectMany(file => CSharpSyntaxTree.ParseText(file.Text).GetRoot()
            .DescendantNodes().Where(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax)
            .Select(node => node.GetLocation().GetLineSpan())
            .Where(span => span.EndLinePosition.Line - span.StartLinePosition.Line >= LongestFunction)
            .Select(span => $"{file.Path}:{span.StartLinePosition.Line + 1}")));

    [Fact]
    public void Source_has_no_unfinished_marks() =>
        Assert.Empty(SourceTree.CSharp("engine", "plugins", "tests")
            .Where(file => !file.Path.EndsWith("HabitTests.cs", StringComparison.Ordinal) && UnfinishedMark().IsMatch(file.Text))
            .Select(file => file.Path));

    [Theory, MemberData(nameof(Assemblies))]
    public void Assembly_has_no_static_mutable_state(string name)
    {
        var fields = Assembly.Load(name).GetTypes()
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.Name.Contains('<'))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral && !field.IsInitOnly && !field.IsDefined(typeof(CompilerGeneratedAttribute)) && !field.Name.Contains('<'));
        Assert.Empty(fields.Select(field => $"{field.DeclaringType}.{field.Name}"));
    }

    [Theory, MemberData(nameof(Assemblies))]
    public void Class_without_heirs_is_sealed(string name)
    {
        var types = Assembly.Load(name).GetTypes();
        var open = types.Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false } && !type.Name.Contains('<')
            && !type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Name != "Program" && !types.Any(heir => heir.BaseType == type));
        Assert.Empty(open.Select(type => type.FullName));
    }

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b|#pragma warning disable|Skip\s*=\s*""")]
    private static partial Regex UnfinishedMark();
}
