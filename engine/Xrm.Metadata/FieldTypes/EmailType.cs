using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Xrm.Metadata.FieldTypes;

/// <summary>One e-mail address, of at most 254 characters. White space around it is not kept.</summary>
public sealed partial class EmailType : TextFieldType
{
    /// <inheritdoc/>
    public override string Name => "email";

    /// <inheritdoc/>
    protected override int DefaultMaxLength => 254;

    /// <inheritdoc/>
    protected override bool IsWords => false;

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["maxLength"];

    /// <inheritdoc/>
    protected override ReadResult Normalise(string text) =>
        text.Trim() is var address && Address().IsMatch(address) && !address.Contains("..") && !address.Contains(".@") ? new(address) : ValueErrors.Email();

    // Letters of any alphabet, since mail servers take them; no quoted local parts, which nobody has.
    [GeneratedRegex(@"\A[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-][\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]{0,63}@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)*[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
