using System.Collections;
using System.Globalization;
using System.Net.Mail;
using System.Text.RegularExpressions;
using Xrm.Data.Outbox;
using Xrm.Formulas;

namespace Xrm.Server.Features.Workflows.Steps;

/// <summary>Puts a mail into the outbox. Placeholders are formulas that name a field: <c>{{title}}</c>, <c>{{account.name}}</c>.</summary>
internal sealed partial class EmailStep(MailStore mails, Templates templates) : IWorkflowStep
{
    private const int MostRecipients = 50;

    public string Type => "email";

    public async Task<StepOutcome> RunAsync(StepCall call, CancellationToken ct)
    {
        var subject = call.Step.Subject ?? "";
        var body = call.Step.Body ?? "";
        var paths = Placeholder().Matches(subject + "\n" + body).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).ToList();
        var to = call.Bind(call.Step.To ?? "null", "to", FormulaUse.Computed);
        var formulas = paths.Select(path => call.Bind(path, $"body ({{{{{path}}}}})", FormulaUse.Computed)).Prepend(to).ToList();
        var values = await call.EvaluateAsync(formulas, ct);

        var recipients = Recipients(values[0]);
        // Nobody to write to is an ordinary case: a contact without an address must not stop the run.
        if (recipients.Count == 0) return new StepOutcome(call.Next);
        var context = Context(paths, values.AsSpan()[1..].ToArray());
        // Line breaks in a subject would let a record's text add headers.
        var line = templates.Render(subject, context).ReplaceLineEndings(" ").Trim();
        await mails.AddAsync(call.Records.Transaction, recipients, line, templates.Render(body, context), ct);
        return new StepOutcome(call.Next);
    }

    private static List<string> Recipients(object? value)
    {
        IEnumerable<string> addresses = value switch
        {
            string one => one.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            IEnumerable list => list.OfType<string>(),
            _ => [],
        };
        return [.. addresses.Where(address => MailAddress.TryCreate(address, out _)).Distinct(StringComparer.OrdinalIgnoreCase).Take(MostRecipients)];
    }

    /// <summary>Nested dictionaries: <c>account.name</c> is <c>name</c> in <c>account</c>.</summary>
    private static Dictionary<string, object?> Context(List<string> paths, object?[] values)
    {
        var context = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var index = 0; index < paths.Count; index++)
        {
            var level = context;
            var parts = paths[index].Split('.');
            foreach (var part in parts[..^1])
            {
                if (level.GetValueOrDefault(part) is not Dictionary<string, object?> inner) level[part] = inner = new Dictionary<string, object?>(StringComparer.Ordinal);
                level = inner;
            }
            level[parts[^1]] = Text(values[index]);
        }
        return context;
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

    [GeneratedRegex(@"\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)\s*\}\}")]
    private static partial Regex Placeholder();
}
