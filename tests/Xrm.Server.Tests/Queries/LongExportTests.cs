namespace Xrm.Server.Tests.Queries;

/// <summary>What the whole process has in memory is asked for: nothing else may be under way in it.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>Exports of many rows.</summary>
[Collection(nameof(Alone))]
public sealed class LongExportTests(CsvApplication application) : IClassFixture<CsvApplication>
{
    [Fact]
    public async Task A_long_export_has_all_rows_and_needs_no_more_memory_than_a_short_one()
    {
        await using (var fill = application.Server.Database.Source.CreateCommand("""
            insert into org_main.topics (id, name, version, created_at, modified_at)
            select gen_random_uuid(), 'long ' || n || repeat('x', 200), 1, now(), now() from generate_series(1, 200000) n
            """)) await fill.ExecuteNonQueryAsync();
        var (few, fewPeak) = await MeasureAsync("topics?$format=csv&$select=name&$filter=startswith(name,'long')&$top=20000");
        var (many, manyPeak) = await MeasureAsync("topics?$format=csv&$select=name&$filter=startswith(name,'long')");
        Assert.Equal((20_001, 200_001), (few, many));
        // The answer has 40 MB. What stands in memory at once is some buffers, whatever its length.
        Assert.True(manyPeak < fewPeak + 8_000_000, $"{fewPeak} bytes for few rows, {manyPeak} for many");
    }

    /// <summary>Reads an export to its end; lines, and the most memory that was alive on the way.</summary>
    private async Task<(int Lines, long Peak)> MeasureAsync(string path)
    {
        using var answer = await application.Client.Http.GetAsync($"/api/data/{path}", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var (buffer, lines, peak, read, next) = (new byte[64 * 1024], 0, 0L, 0L, 0L);
        for (int length; (length = await stream.ReadAsync(buffer)) > 0;)
        {
            lines += buffer.AsSpan(0, length).Count((byte)'\n');
            if ((read += length) < next) continue;
            next = read + 2_000_000;
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
        }
        return (lines, peak);
    }
}
