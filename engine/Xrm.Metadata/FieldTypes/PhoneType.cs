using System.Text.RegularExpressions;

namespace Xrm.Metadata.FieldTypes;

/// <summary>A telephone number as people write it, of at most 50 characters where <c>maxLength</c> is unsaid. White space around it is not kept.</summary>
public sealed partial class PhoneType : TextFieldType
{
    /// <inheritdoc/>
    public override string Name => "phone";

    /// <inheritdoc/>
    protected override int DefaultMaxLength => 50;

    /// <inheritdoc/>
    protected override bool IsWords => false;

    /// <inheritdoc/>
    protected override int LargestMaxLength => 200;

    /// <inheritdoc/>
    protected override ReadResult Normalise(string text) =>
        text.Trim() is var number && Number().IsMatch(number) && number.Count(char.IsAsciiDigit) >= 2 ? new(number) : ValueErrors.Phone();

    [GeneratedRegex(@"\A\+?[0-9(*#][0-9 ()./*#,;-]*(?: ?(?:x|ext\.?) ?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Number();
}
