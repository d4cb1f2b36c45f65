using HandlebarsDotNet;

namespace Xrm.Server.Features.Workflows;

/// <summary>Texts with placeholders, such as the subject of a mail. The only class that knows the template engine.</summary>
internal sealed class Templates
{
    private readonly IHandlebars _handlebars = Handlebars.Create(new HandlebarsConfiguration
    {
        // Mails are plain text: an escaped "&amp;" would be seen by their readers.
        NoEscape = true,
        ThrowOnUnresolvedBindingExpression = false,
    });

    /// <summary>Fills the placeholders.</summary>
    /// <param name="template">Handlebars template, e.g. <c>Renewal of {{title}}</c>.</param>
    /// <param name="values">Values by name.</param>
    /// <exception cref="StepFailedException">The template is broken.</exception>
    public string Render(string template, IReadOnlyDictionary<string, object?> values)
    {
        try
        {
            return _handlebars.Compile(template)(values);
        }
        catch (HandlebarsException exception)
        {
            throw new StepFailedException($"The template cannot be read: {exception.Message}", isFinal: true);
        }
    }
}
