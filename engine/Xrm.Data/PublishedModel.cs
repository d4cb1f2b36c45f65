using System.Collections.Concurrent;
using System.Collections.Frozen;
using Xrm.Data.Records;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;

namespace Xrm.Data;

/// <summary>A model in force, with its formulas. A request takes one and keeps it to its end.</summary>
/// <param name="Model">The compiled model.</param>
/// <param name="Formulas">Its formulas, bound to it.</param>
/// <param name="Version">Number of the publish; grows by each.</param>
public sealed record PublishedModel(Model Model, FormulaSet Formulas, long Version)
{
    private readonly ConcurrentDictionary<(Type, Entity), object> _derived = [];

    /// <summary>Stored computed fields whose columns do not have the values of all records yet: a job computes them since a publish (decision 15).</summary>
    public FrozenSet<Field> Unfilled { get; private init; } = [];

    /// <summary>Whether a field's values can be read from its column: it is stored, and no job is at it.</summary>
    public bool HasValues(Field field) => Formulas.IsStored(field) && !Unfilled.Contains(field);

    /// <summary>The same model, while other fields are computed by jobs.</summary>
    public PublishedModel WithUnfilled(IEnumerable<Field> fields) => new(Model, Formulas, Version) { Unfilled = [.. fields] };

    /// <summary>The table of an entity.</summary>
    public RecordTable Table(Entity entity) => Derive(entity, static (published, entity) => new RecordTable(entity, published));

    /// <summary>What follows from the model for one entity: worked out when it is first asked for, and kept as long as the model is in force.</summary>
    /// <typeparam name="T">What it is; there is one of each type for an entity.</typeparam>
    /// <param name="entity">An entity of the model.</param>
    /// <param name="make">Works it out; may be called more than once.</param>
    public T Derive<T>(Entity entity, Func<PublishedModel, Entity, T> make) where T : class =>
        (T)(_derived.TryGetValue((typeof(T), entity), out var known) ? known : _derived.GetOrAdd((typeof(T), entity), make(this, entity)));
}
