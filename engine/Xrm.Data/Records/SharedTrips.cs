using System.Runtime.CompilerServices;

namespace Xrm.Data.Records;

/// <summary>The round trips that requests share.</summary>
/// <param name="schema">Schema of the organisation.</param>
internal sealed class SharedTrips(string schema)
{
    private readonly ConditionalWeakTable<RecordTable, LoadLanes> _loads = [];

    /// <summary>Saves that are one statement each.</summary>
    public SaveLanes Saves { get; } = new(schema);

    /// <summary>Reading of records that are about to be saved.</summary>
    public LoadLanes Loads(RecordTable table) => _loads.GetValue(table, known => new LoadLanes(known, schema));
}
