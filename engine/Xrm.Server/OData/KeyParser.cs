using System.Collections.Immutable;
using Xrm.Data.Queries;

namespace Xrm.Server.OData;

/// <summary>Understands what stands in the parentheses behind a collection: <c>number='C-1'</c> or <c>country='DE',code=7</c>.</summary>
internal static class KeyParser
{
    private const int MostValues = 10;

    /// <summary>The names and their constants, in the order written.</summary>
    /// <param name="text">The text between the parentheses, decoded.</param>
    /// <exception cref="Xrm.Data.Errors.XrmException">400 with the position and what was expected there.</exception>
    public static ImmutableArray<(string Name, LiteralNode Value)> Parse(string text)
    {
        var lexer = new QueryLexer(text, "key");
        var values = Read(ref lexer);
        return lexer.Token == QueryToken.End ? values : throw lexer.Expected("',' or the end");
    }

    /// <summary>Reads names and constants up to the first token that cannot belong to them.</summary>
    public static ImmutableArray<(string Name, LiteralNode Value)> Read(ref QueryLexer lexer)
    {
        var values = ImmutableArray.CreateBuilder<(string, LiteralNode)>();
        do
        {
            if (values.Count == MostValues) throw QueryErrors.TooLarge($"A key may have {MostValues} values.");
            var name = lexer.RequireWord("the name of a property");
            lexer.Require(QueryToken.Equals, "'='");
            if (!LiteralParser.IsLiteral(ref lexer) || lexer.Is("null")) throw lexer.Expected("a constant that is not null");
            values.Add((name, LiteralParser.Read(ref lexer)));
        }
        while (lexer.Skip(QueryToken.Comma));
        return values.ToImmutable();
    }
}
