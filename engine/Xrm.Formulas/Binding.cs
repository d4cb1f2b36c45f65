using Xrm.Formulas.Parsing;
using Xrm.Formulas.Typing;
using Xrm.Metadata;

namespace Xrm.Formulas;

/// <summary>From text to a formula, or problems.</summary>
internal static class Binding
{
    public static Formula? Bind(FormulaSet formulas, Place place, IList<Problem> problems)
    {
        var (text, location) = (place.Expression.Text, place.Expression.Location);
        var before = problems.Count;
        void Report(int position, string code, string message, string remedy) => problems.Add(FormulaProblems.At(location, text, position, code, message, remedy));
        try
        {
            var checker = new Checker(formulas.Model, place.Entity, place.Outer, place.Use, Report);
            var root = checker.CheckFor(place, Parser.Parse(text));
            return problems.Count > before ? null : new Formula(text, location, root, place.Field?.Column, (formulas, place.Use));
        }
        catch (FormulaSyntaxException mistake)
        {
            Report(mistake.Position, FormulaProblems.Syntax, mistake.Message, mistake.Remedy);
            return null;
        }
    }
}
