using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Xrm.Metadata.FieldTypes;

/// <summary>The name of an icon, e.g. <c>file-text</c>.</summary>
public sealed partial class IconType : TextFieldType
{
    /// <inheritdoc/>
    public override string Name => "icon";

    /// <inheritdoc/>
    protected override int DefaultMaxLength => 60;

    /// <inheritdoc/>
    protected override bool IsWords => false;

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => [];

    /// <inheritdoc/>
    protected override ReadResult Normalise(string text) => IconName().IsMatch(text) ? new(text) : ValueErrors.Icon();

    [GeneratedRegex(@"\A[a-z0-9]+(?:-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex IconName();
}
