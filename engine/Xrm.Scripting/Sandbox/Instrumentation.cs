using Jint.Parser;
using Jint.Parser.Ast;
using Xrm.Scripting.Sandbox.Numbers;

namespace Xrm.Scripting.Sandbox;

/// <summary>
/// Changes a parsed script so that it reports to the <see cref="Meter"/>: a call at the start of each loop body and each
/// function, operators that calculate with decimals, and regular expressions built by the guarded constructor.
/// The names that it calls begin with NUL, which no script can write.
/// </summary>
internal sealed class Instrumentation
{
    public const string TickName = "\0tick";

    /// <summary>Takes what is thrown, and gives it with a message: the interpreter asks every object for one.</summary>
    public const string ThrownName = "\0thrown";
    public const string RegExpName = "\0regexp";

    /// <summary>True for a statement that the author has not written.</summary>
    public static bool IsAdded(Statement statement) => statement is BlockStatement
        || statement is ExpressionStatement { Expression: CallExpression { Callee: Identifier { Name: ['\0', ..] } name } } && name.Name == TickName;

    public static Program Apply(Program program)
    {
        program.Body = program.Body.Select(Statement).ToList();
        return program;
    }

    private static Statement Statement(Statement statement)
    {
        switch (statement)
        {
            case BlockStatement block: block.Body = block.Body.Select(Statement).ToList(); break;
            case ExpressionStatement line: line.Expression = Alone(line.Expression); break;
            case VariableDeclaration variables: Variables(variables); break;
            case IfStatement choice:
                choice.Test = Of(choice.Test);
                choice.Consequent = Statement(choice.Consequent);
                if (choice.Alternate is not null) choice.Alternate = Statement(choice.Alternate);
                break;
            case ReturnStatement answer: answer.Argument = Of(answer.Argument); break;
            case ThrowStatement thrown: thrown.Argument = Call(ThrownName, thrown, Of(thrown.Argument)); break;
            case LabelledStatement labelled: labelled.Body = Statement(labelled.Body); break;
            case FunctionDeclaration function: function.Body = Body(function.Body); break;
            case SwitchStatement cases: Switch(cases); break;
            case TryStatement attempt: Try(attempt); break;
            case WithStatement: throw Refused(statement, "with is not available in rules.");
            case DebuggerStatement: throw Refused(statement, "debugger is not available in rules.");
            default: Loop(statement); break;
        }
        return statement;
    }

    private static void Loop(Statement statement)
    {
        switch (statement)
        {
            case WhileStatement loop: (loop.Test, loop.Body) = (Of(loop.Test), Body(loop.Body)); break;
            case DoWhileStatement loop: (loop.Test, loop.Body) = (Of(loop.Test), Body(loop.Body)); break;
            case ForInStatement loop: (loop.Left, loop.Right, loop.Body) = (Head(loop.Left)!, Of(loop.Right), Body(loop.Body)); break;
            case ForStatement loop:
                loop.Init = Head(loop.Init);
                loop.Test = Of(loop.Test);
                loop.Update = Alone(loop.Update);
                loop.Body = Body(loop.Body);
                break;
            default: break;
        }
    }

    private static SyntaxNode? Head(SyntaxNode? node)
    {
        if (node is VariableDeclaration variables) Variables(variables);
        return node is Expression expression ? Of(expression) : node;
    }

    private static void Variables(VariableDeclaration variables)
    {
        variables.Declarations = variables.Declarations.ToList();
        foreach (var variable in variables.Declarations) variable.Init = Of(variable.Init);
    }

    private static void Switch(SwitchStatement statement)
    {
        statement.Discriminant = Of(statement.Discriminant);
        statement.Cases = statement.Cases.ToList();
        foreach (var one in statement.Cases)
        {
            one.Test = Of(one.Test);
            one.Consequent = one.Consequent.Select(Statement).ToList();
        }
    }

    private static void Try(TryStatement statement)
    {
        statement.Block = Statement(statement.Block);
        statement.Handlers = statement.Handlers.ToList();
        foreach (var handler in statement.Handlers) handler.Body = (BlockStatement)Statement(handler.Body);
        if (statement.Finalizer is not null) statement.Finalizer = Statement(statement.Finalizer);
    }

    /// <summary>The body of a loop or function, with a report to the meter first.</summary>
    private static BlockStatement Body(Statement body)
    {
        var tick = new ExpressionStatement { Type = SyntaxNodes.ExpressionStatement, Location = body.Location, Expression = Call(TickName, body) };
        // A block's own statements stay where they are, so that "use strict" and labels keep their meaning.
        var inner = body is BlockStatement block ? block.Body : [body];
        return new BlockStatement { Type = SyntaxNodes.BlockStatement, Location = body.Location, Body = [tick, .. inner.Select(Statement)] };
    }

    /// <summary>An expression whose value nobody asks for.</summary>
    private static Expression Alone(Expression? expression)
    {
        if (expression is UpdateExpression step) step.Prefix = true;
        return Of(expression);
    }

    private static Expression Of(Expression? expression)
    {
        switch (expression)
        {
            case null: return null!;
            case BinaryExpression pair: (pair.Left, pair.Right) = (Of(pair.Left), Of(pair.Right)); return OperatorCalls.Binary(pair);
            case LogicalExpression pair: (pair.Left, pair.Right) = (Of(pair.Left), Of(pair.Right)); return pair;
            case AssignmentExpression set: (set.Left, set.Right) = (Of(set.Left), Of(set.Right)); return OperatorCalls.Assignment(set);
            case UpdateExpression step: step.Argument = Of(step.Argument); return OperatorCalls.Update(step);
            case UnaryExpression unary: unary.Argument = Of(unary.Argument); return OperatorCalls.Unary(unary);
            case RegExpLiteral regex: return Call(RegExpName, regex, Text(Source(regex), regex), Text(regex.Flags ?? "", regex));
            case Literal { Value: double number } literal: return OperatorCalls.Constant(literal, number);
            case Literal literal when literal.Type == SyntaxNodes.RegularExpressionLiteral: return RegExpFrom(literal);
            default: return Compound(expression);
        }
    }

    private static Expression Compound(Expression expression)
    {
        switch (expression)
        {
            case ConditionalExpression choice:
                (choice.Test, choice.Consequent, choice.Alternate) = (Of(choice.Test), Of(choice.Consequent), Of(choice.Alternate));
                break;
            case SequenceExpression sequence: sequence.Expressions = sequence.Expressions.Select(Of).ToList(); break;
            case ArrayExpression array: array.Elements = array.Elements.Select(Of).ToList(); break;
            case MemberExpression member:
                member.Object = Of(member.Object);
                // Jint would make such a text at every access, and one that does not know its line.
                (member.Property, member.Computed) = (member.Computed ? Of(member.Property) : Text(((Identifier)member.Property).Name, member.Property), true);
                break;
            case CallExpression call:
                (call.Callee, call.Arguments, call.CanBeCached) = (Of(call.Callee), call.Arguments.Select(Of).ToList(), false);
                break;
            case NewExpression creation: (creation.Callee, creation.Arguments) = (Of(creation.Callee), creation.Arguments.Select(Of).ToList()); break;
            case FunctionExpression function: function.Body = Body(function.Body); break;
            case ObjectExpression made: Properties(made); break;
            default: break;
        }
        return expression;
    }

    private static void Properties(ObjectExpression made)
    {
        made.Properties = made.Properties.ToList();
        foreach (var property in made.Properties)
        {
            // An accessor could give a harmless length to a check and a huge one to the built-in that follows.
            if (property.Kind != PropertyKind.Data) throw Refused(property, "get and set accessors are not available in rules.");
            property.Value = Of(property.Value);
        }
    }

    public static CallExpression Call(string name, SyntaxNode at, params Expression[] arguments) => new()
    {
        Type = SyntaxNodes.CallExpression,
        Location = at.Location,
        Callee = new Identifier { Type = SyntaxNodes.Identifier, Location = at.Location, Name = name },
        Arguments = arguments,
        CanBeCached = false,
    };

    public static Literal Text(string value, SyntaxNode at) => new() { Type = SyntaxNodes.Literal, Location = at.Location, Value = value, Raw = "" };

    private static CallExpression RegExpFrom(Literal literal)
    {
        var end = literal.Raw.LastIndexOf('/');
        return Call(RegExpName, literal, Text(literal.Raw[1..end], literal), Text(literal.Raw[(end + 1)..], literal));
    }

    private static string Source(RegExpLiteral regex) => regex.Raw.StartsWith('/') ? regex.Raw[1..regex.Raw.LastIndexOf('/')] : regex.Raw;

    private static ParserException Refused(SyntaxNode at, string message) =>
        new(message) { Description = message, LineNumber = at.Location?.Start.Line ?? 0 };
}
