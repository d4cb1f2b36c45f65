namespace Xrm.Server.Pipeline;

/// <summary>What a rule tells the person who saves, without refusing anything.</summary>
/// <param name="Kind"><see cref="Warning"/> or <see cref="Info"/>.</param>
/// <param name="Field">Property that it is about, relative to the record that was sent, such as <c>lines[0].amount</c>; null for the record as a whole.</param>
/// <param name="Message">For people, as the rule's author wrote it.</param>
internal sealed record SaveMessage(string Kind, string? Field, string Message)
{
    /// <summary>Something that the person should look at.</summary>
    public const string Warning = "warning";

    /// <summary>Something that is good to know.</summary>
    public const string Info = "info";

    /// <summary>How many are told of one record, what is saved with it included; the others are not told.</summary>
    public const int Most = 100;
}
