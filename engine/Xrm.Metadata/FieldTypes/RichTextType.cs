using System.Collections.Immutable;
using Ganss.Xss;

namespace Xrm.Metadata.FieldTypes;

/// <summary>
/// Formatted text as HTML. Scripts, event handlers, frames, forms and foreign schemes are removed before it is stored, so that every reader may show it.
/// <c>maxLength</c> counts the HTML; as for multiline.
/// </summary>
public sealed class RichTextType : TextFieldType
{
    // Built when the first value is read: the parser behind it costs start-up time.
    private readonly Lazy<HtmlSanitizer> _sanitizer = new(Sanitizer);

    /// <inheritdoc/>
    public override string Name => "richtext";

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => ["maxLength"];

    /// <inheritdoc/>
    protected override int DefaultMaxLength => 100_000;

    /// <inheritdoc/>
    protected override int LargestMaxLength => 1_073_741_823;

    /// <inheritdoc/>
    protected override bool IsSingleLine => false;

    /// <inheritdoc/>
    protected override ReadResult Normalise(string text)
    {
        var html = _sanitizer.Value.Sanitize(text);
        return string.IsNullOrWhiteSpace(html) ? default : new ReadResult(html);
    }

    private static HtmlSanitizer Sanitizer()
    {
        var sanitizer = new HtmlSanitizer();
        foreach (var tag in new[] { "form", "input", "button", "select", "option", "optgroup", "textarea", "label", "fieldset", "legend", "keygen", "datalist", "output" })
            sanitizer.AllowedTags.Remove(tag);
        sanitizer.AllowedSchemes.Clear();
        sanitizer.AllowedSchemes.UnionWith(["http", "https", "mailto", "tel"]);
        // Positions would let a text cover the page around it.
        foreach (var property in new[] { "position", "z-index", "top", "left", "right", "bottom" }) sanitizer.AllowedCssProperties.Remove(property);
        return sanitizer;
    }
}
