using System.Diagnostics;
using System.Globalization;
using Xrm.Metadata.Compiled;
using Xrm.RuleCost;
using Xrm.Scripting;

// Measures what a run of a rule costs beyond the save that it belongs to: dotnet run -c Release --project tests/Xrm.RuleCost
// By the clock on the wall, and by the processor, which a busy machine disturbs less.
const int Turns = 15;
const int RunsPerTurn = 2_000;
using var engine = new ScriptEngine();
foreach (var (name, script) in Rules.All())
{
    await TurnAsync(script);
    List<double> wall = [], processor = [];
    for (var turn = 0; turn < Turns; turn++)
    {
        var (took, used) = await TurnAsync(script);
        wall.Add(took);
        processor.Add(used);
    }
    wall.Sort();
    processor.Sort();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-34} {wall[Turns / 2],7:0.0} µs (quickest turn {wall[0]:0.0}, slowest {wall[^1]:0.0}); processor {processor[Turns / 2]:0.0} µs (least {processor[0]:0.0})"));
}

async Task<(double Wall, double Processor)> TurnAsync(Script script)
{
    var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
    for (var run = 0; run < RunsPerTurn; run++) await engine.RunAsync(script, Rules.Call(run), CancellationToken.None);
    return (Stopwatch.GetElapsedTime(started).TotalMicroseconds / RunsPerTurn, (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / RunsPerTurn);
}
