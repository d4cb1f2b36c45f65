namespace Xrm.Metadata.FieldTypes;

/// <summary>A web address, or one of mailto: and tel:. <c>maxLength</c> 2,000 where unsaid. Other schemes, javascript: above all, are refused. White space around it is not kept.</summary>
public sealed class UrlType : TextFieldType
{
    /// <inheritdoc/>
    public override string Name => "url";

    /// <inheritdoc/>
    protected override int DefaultMaxLength => 2_000;

    /// <inheritdoc/>
    protected override bool IsWords => false;

    /// <inheritdoc/>
    protected override int LargestMaxLength => 4_000;

    /// <inheritdoc/>
    protected override ReadResult Normalise(string text)
    {
        var address = text.Trim();
        if (address.Any(character => char.IsWhiteSpace(character) || char.IsControl(character))) return ValueErrors.Url();
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !address.StartsWith(uri.Scheme, StringComparison.OrdinalIgnoreCase)) return ValueErrors.Url();
        if (uri.Scheme is not ("http" or "https" or "mailto" or "tel")) return ValueErrors.UrlScheme();
        var isWeb = uri.Scheme is "http" or "https";
        if (isWeb && (uri.Host.Length == 0 || !address.AsSpan(uri.Scheme.Length).StartsWith("://"))) return ValueErrors.Url();
        return new(address);
    }
}
