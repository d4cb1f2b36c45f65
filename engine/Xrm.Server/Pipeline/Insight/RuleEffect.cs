namespace Xrm.Server.Pipeline.Insight;

/// <summary>What a script that is tried would do beyond its record.</summary>
/// <param name="Kind"><c>mail</c> and <c>http</c>, which were not sent; <c>create</c>, <c>update</c>, <c>delete</c>, which were undone.</param>
/// <param name="Target">Addresses, method and URL, or entity and id.</param>
/// <param name="Text">Subject and text of the mail, body of the call, values of the record; null for none.</param>
internal sealed record RuleEffect(string Kind, string Target, string? Text);
