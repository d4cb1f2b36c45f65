using System.Collections;
using System.Globalization;
using Xrm.Data.Outbox;
using Xrm.Formulas;
using Xrm.Metadata;

namespace Xrm.Server.Features.Workflows.Steps;

/// <summary>Puts a mail into the outbox. Placeholders are formulas that name a field: <c>{{title}}</c>, <c>{{account.name}}</c>.</summary>
internal sealed class EmailStep(MailStore mails, Templates templates) : IWorkflowStep
{
    public string Type => "email";

    public async Task<StepOutcome> RunAsync(StepCall call, CancellationToken ct)
    {
        var subject = new MailTemplate(call.Step.Subject ?? "");
        var body = new MailTemplate(call.Step.Body ?? "");
        if (subject.Mistakes().Concat(body.Mistakes()).FirstOrDefault() is { } mistake) throw new StepFailedException($"The mail cannot be written: {mistake}", isFinal: true);
        var paths = new[] { subject, body }.SelectMany(text => text.Shown.Concat(text.Asked)).Distinct(StringComparer.Ordinal).ToList();
        var to = call.Bind(call.Step.To ?? "null", "to", FormulaUse.Computed);
        var formulas = paths.Select(path => call.Bind(path, $"body ({{{{{path}}}}})", FormulaUse.Computed)).Prepend(to).ToList();
        var values = await call.EvaluateAsync(formulas, ct);

        var recipients = MailText.Recipients(values[0]);
        // Nobody to write to is an ordinary case: a contact without an address must not stop the run.
        if (recipients.Count == 0) return new StepOutcome(call.Next);
        var context = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var index = 0; index < paths.Count; index++) (context[$"text{index}"], context[$"value{index}"]) = (Text(values[index + 1]), values[index + 1]);
        await mails.AddAsync(await call.Records.BeginAsync(ct), recipients, MailText.Line(Render(subject)), Render(body), ct);
        return new StepOutcome(call.Next);

        string Render(MailTemplate template) => templates.Render(template.WithNames(path => $"text{paths.IndexOf(path)}", path => $"value{paths.IndexOf(path)}"), context);
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        string text => text,
        IEnumerable list => string.Join(", ", list.Cast<object?>()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
