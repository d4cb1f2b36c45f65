namespace Xrm.Data.Records;

/// <summary>Values of one record by column name, in the CLR types of the columns.</summary>
public sealed class RecordValues : Dictionary<string, object?>
{
    /// <summary>No values yet.</summary>
    /// <param name="capacity">How many are expected.</param>
    public RecordValues(int capacity = 0) : base(capacity, StringComparer.Ordinal)
    {
    }

    /// <summary>A copy.</summary>
    public RecordValues(IDictionary<string, object?> values) : base(values, StringComparer.Ordinal)
    {
    }

    /// <summary>The value; null where there is none.</summary>
    public object? Get(string column) => TryGetValue(column, out var value) ? value : null;

    /// <summary>Id of the record.</summary>
    public Guid Id => (Guid)this["id"]!;

    /// <summary>Version of the record, from 1.</summary>
    public long Version => (long)this["version"]!;

    /// <summary>True where two values of a column are the same; lists by their elements, <c>1.10</c> is <c>1.1</c>.</summary>
    public static bool Same(object? one, object? other) => (one, other) switch
    {
        (string[] a, string[] b) => a.AsSpan().SequenceEqual(b),
        (long[] a, long[] b) => a.AsSpan().SequenceEqual(b),
        (Guid[] a, Guid[] b) => a.AsSpan().SequenceEqual(b),
        _ => Equals(one, other),
    };
}
