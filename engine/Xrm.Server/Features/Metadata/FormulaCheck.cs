using System.Collections.Immutable;
using Xrm.Data;
using Xrm.Data.Errors;
using Xrm.Formulas;
using Xrm.Metadata;

namespace Xrm.Server.Features.Metadata;

/// <summary>Looks at a formula that somebody is writing, as a publish would.</summary>
/// <param name="Entity">Entity of the record that the formula asks.</param>
/// <param name="Formula">The text.</param>
/// <param name="Field">Field of the entity that takes the value; null for a condition.</param>
internal sealed record FormulaCheck(string? Entity, string? Formula, string? Field)
{
    /// <summary>Every mistake; none where the formula is right.</summary>
    /// <exception cref="XrmException">400: there is no such entity or field.</exception>
    public ImmutableArray<FormulaMistake> Run(PublishedModel published)
    {
        var entity = published.Model.FindEntity(Entity ?? "") ?? throw XrmException.Invalid([new FieldError("entity", "unknown", $"There is no entity {Entity}.")]);
        var field = Field is null ? null : entity.FindField(Field) ?? throw XrmException.Invalid([new FieldError("field", "unknown", $"{Entity} has no field {Field}.")]);
        var problems = new List<Problem>();
        published.Formulas.BindOne(Formula ?? "", entity, new SourceLocation("", ""), field is null ? FormulaUse.Condition : FormulaUse.Value, problems, field);
        return [.. problems.Select(problem => new FormulaMistake(problem.Code, problem.Message, problem.Remedy))];
    }
}

/// <summary>What is wrong with a formula, and what to do.</summary>
internal sealed record FormulaMistake(string Code, string Message, string Remedy);

/// <summary>What is wrong with a formula; nothing where the list is empty.</summary>
internal sealed record FormulaCheckBody(ImmutableArray<FormulaMistake> Problems);
