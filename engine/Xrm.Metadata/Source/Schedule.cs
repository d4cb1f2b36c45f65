using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Xrm.Metadata.Source;

/// <summary><c>schedules/NAME.json</c>: a script that runs at certain times, as the system.</summary>
public sealed record Schedule
{
    /// <summary>JSON Schema of this file, for editors.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Name of the schedule, unique in the organisation.</summary>
    [RegularExpression(Names.Pattern)]
    public required string Name { get; init; }

    /// <summary>What people call it; made from the name where missing.</summary>
    public string? Label { get; init; }

    /// <summary>Script file under <c>rules/</c>.</summary>
    public required string Script { get; init; }

    /// <summary>Time from one run to the next: an ISO 8601 duration of a minute to a week, such as <c>PT15M</c> or <c>P1D</c>. Either this or <c>at</c>.</summary>
    [RegularExpression(@"^P(\d{1,4}D)?(T(\d{1,4}H)?(\d{1,5}M)?)?$")]
    public string? Every { get; init; }

    /// <summary>Time of the day at which it runs, in the time zone of the organisation: <c>03:30</c>.</summary>
    [RegularExpression("^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    public string? At { get; init; }

    /// <summary>With <c>at</c>: only on these days of the week; every day where empty.</summary>
    [AllowedValues("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")]
    public ImmutableArray<string> Weekdays { get; init; } = [];

    /// <summary>With <c>at</c>: only on these days of the month, 1 to 31; -1 is the last, -2 the one before it. Every day where empty.</summary>
    public ImmutableArray<int> Days { get; init; } = [];
}
