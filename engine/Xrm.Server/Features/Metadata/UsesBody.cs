using System.Collections.Immutable;
using System.Text.Json;
using Xrm.Metadata;
using Xrm.Metadata.Uses;

namespace Xrm.Server.Features.Metadata;

/// <summary>Where something is used.</summary>
/// <param name="Kind">What it is: <c>entity</c>, <c>field</c>, <c>option</c>, <c>role</c> or <c>script</c>.</param>
/// <param name="Name">Its name, e.g. <c>contract.status</c>.</param>
/// <param name="Uses">All that depends on it, by package, file and line.</param>
/// <param name="Formula">Formula of a computed field; null for anything else.</param>
internal sealed record UsesBody(string Kind, string Name, ImmutableArray<UseBody> Uses, string? Formula)
{
    public static UsesBody From(Element element, ImmutableArray<Use> uses, string? formula) => new(JsonNamingPolicy.CamelCase.ConvertName(element.Kind.ToString()), element.Name,
        [.. uses.Select(use => new UseBody(use.Kind, use.Name, use.How, use.Of.Name, use.IsLikely, use.Times, use.Location))], formula);
}

/// <summary>One use.</summary>
/// <param name="Kind">Kind of the user, e.g. <c>view</c>.</param>
/// <param name="Name">Name of the user.</param>
/// <param name="How">The property that names the thing, e.g. <c>filter</c>.</param>
/// <param name="Of">What is named: the thing itself, or an option of the field that was asked for.</param>
/// <param name="Likely">Mentioned by a script: probably meant, but not certainly.</param>
/// <param name="Times">Places of the file that name it; the location is that of the first.</param>
/// <param name="Location">Package, file, JSON path and line.</param>
internal sealed record UseBody(string Kind, string Name, string How, string Of, bool Likely, int Times, SourceLocation Location);
