using System.Xml;
using Xrm.Metadata.Checking.Entities;
using Xrm.Metadata.Source;

namespace Xrm.Metadata.Checking.Application;

/// <summary>Schedules name a script that is there, and times that come.</summary>
internal static class ScheduleCheck
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public static IEnumerable<Problem> Of(Merged merged) => merged.Draft.Packages.SelectMany(package => package.Schedules.SelectMany(schedule => Of(package, schedule)));

    private static IEnumerable<Problem> Of(Package package, InFile<Schedule> schedule)
    {
        var source = schedule.Value;
        if (ScriptCheck.Check(source.Script, package, schedule.At("$.script")) is { } wrong) yield return wrong;
        if ((source.Every is null) == (source.At is null))
        {
            yield return Wrong(schedule.At(), $"The schedule {source.Name} says {(source.At is null ? "not when it runs" : "twice when it runs")}.", "Give it either every, such as \"PT15M\", or at, such as \"03:30\".");
            yield break;
        }
        if (source.Every is { Length: > 0 } every && every[0] == 'P' && (every[^1] is 'P' or 'T' || XmlConvert.ToTimeSpan(every) is var pause && (pause < Shortest || pause > Longest)))
            yield return Wrong(schedule.At("$.every"), $"{every} is no time between a minute and a week.", "Write \"PT15M\" for 15 minutes, \"PT6H\" for 6 hours, \"P1D\" for a day.");
        if (source.Every is not null && !(source.Weekdays.IsEmpty && source.Days.IsEmpty))
            yield return Wrong(schedule.At(source.Days.IsEmpty ? "$.weekdays" : "$.days"), "Days belong to a time of the day.", "Use at in place of every.");
        for (var i = 0; i < source.Days.Length; i++)
            if (!IsDay(source.Days[i])) yield return Wrong(schedule.At($"$.days[{i}]"), $"No month has a day {source.Days[i]}.", "The first day is 1, the last is -1.");
        if (TimeOnly.TryParseExact(source.At, "HH:mm", out _) && source.Days.All(IsDay) && new Compiled.Schedule(source, null!).Next(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), TimeZoneInfo.Utc) is null)
            yield return Wrong(schedule.At("$.days"), "There is no such day.", "Name other days.");
    }

    private static bool IsDay(int day) => day is >= -31 and <= 31 and not 0;

    private static Problem Wrong(SourceLocation location, string message, string remedy) => new(ProblemCodes.ScheduleWrong, location, message, remedy);
}
