using System.Globalization;

namespace Xrm.Metadata.Tests.Compiled;

/// <summary>When schedules run, and which cannot.</summary>
public sealed class ScheduleTests
{
    [Theory]
    [InlineData(""" "every": "PT15M" """, "UTC", "2026-11-23T10:00:00Z", "2026-11-23T10:15:00Z")]
    [InlineData(""" "every": "P1DT6H" """, "UTC", "2026-11-23T10:00:00Z", "2026-11-24T16:00:00Z")]
    [InlineData(""" "at": "03:30" """, "UTC", "2026-11-23T03:29:59Z", "2026-11-23T03:30:00Z")]
    [InlineData(""" "at": "03:30" """, "UTC", "2026-11-23T03:30:00Z", "2026-11-24T03:30:00Z")]
    [InlineData(""" "at": "03:30" """, "Europe/Berlin", "2026-11-23T02:00:00Z", "2026-11-23T02:30:00Z")]
    [InlineData(""" "at": "23:30" """, "America/New_York", "2026-11-24T04:00:00Z", "2026-11-24T04:30:00Z")]
    [InlineData(""" "at": "02:30" """, "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z")]
    [InlineData(""" "at": "02:30" """, "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData(""" "at": "02:30" """, "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData(""" "at": "08:00", "weekdays": ["monday", "thursday"] """, "UTC", "2026-11-23T08:00:00Z", "2026-11-26T08:00:00Z")]
    [InlineData(""" "at": "08:00", "days": [1, 15] """, "UTC", "2026-11-23T08:00:00Z", "2026-12-01T08:00:00Z")]
    [InlineData(""" "at": "08:00", "days": [-1] """, "UTC", "2028-02-01T08:00:00Z", "2028-02-29T08:00:00Z")]
    [InlineData(""" "at": "08:00", "days": [31] """, "UTC", "2026-11-01T08:00:00Z", "2026-12-31T08:00:00Z")]
    [InlineData(""" "at": "08:00", "days": [13], "weekdays": ["friday"] """, "UTC", "2026-11-23T08:00:00Z", "2027-08-13T08:00:00Z")]
    public void The_next_time_is_found(string times, string zone, string after, string next)
    {
        var schedule = Assert.Single(APackage.Model(Package(times)).Schedules);
        Assert.Equal(Utc(next), schedule.Next(Utc(after), TimeZoneInfo.FindSystemTimeZoneById(zone)));
    }

    [Theory]
    [InlineData("", "schedule_wrong $")]
    [InlineData(""" "every": "PT1H", "at": "03:30" """, "schedule_wrong $")]
    [InlineData(""" "every": "PT30S" """, "name_invalid $.every")]
    [InlineData(""" "every": "PT0M" """, "schedule_wrong $.every")]
    [InlineData(""" "every": "P8D" """, "schedule_wrong $.every")]
    [InlineData(""" "every": "P" """, "schedule_wrong $.every")]
    [InlineData(""" "every": "PT1H", "weekdays": ["monday"] """, "schedule_wrong $.weekdays")]
    [InlineData(""" "at": "24:00" """, "name_invalid $.at")]
    [InlineData(""" "at": "03:30", "weekdays": ["mon"] """, "value_not_allowed $.weekdays[0]")]
    [InlineData(""" "at": "03:30", "days": [0] """, "schedule_wrong $.days[0]")]
    [InlineData(""" "at": "03:30", "days": [32] """, "schedule_wrong $.days[0]")]
    public void Times_that_cannot_be_told_are_reported(string times, string expected)
    {
        var problem = APackage.Problems(Package(times)).First();
        Assert.Equal(expected, $"{problem.Code} {problem.Location.Path}");
        Assert.NotEmpty(problem.Remedy);
    }

    [Fact]
    public void A_script_that_is_not_there_is_reported()
    {
        var problem = Assert.Single(APackage.Problems(APackage.Of(("schedules/nightly.json", """{ "name": "nightly", "script": "nigthly.js", "every": "PT1H" }"""), ("rules/nightly.js", "log('x');"))));
        Assert.Equal(("script_missing", "$.script", "Did you mean nightly.js?"), (problem.Code, problem.Location.Path, problem.Remedy));
    }

    private static Source.PackageFiles Package(string times) => APackage.Of(
        ("schedules/nightly.json", $$"""{ "name": "nightly", "script": "nightly.js" {{(times.Length == 0 ? "" : "," + times)}} }"""), ("rules/nightly.js", "log('x');"));

    private static DateTime Utc(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
}
