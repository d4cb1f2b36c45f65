using System.Collections.Concurrent;
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

    /// <summary>The table of an entity.</summary>
    public RecordTable Table(Entity entity) => Derive(entity, static (published, entity) => new RecordTable(entity, published.Formulas));

    /// <summary>What follows from the model for one entity: worked out when it is first asked for, and kept as long as the model is in force.</summary>
    /// <typeparam name="T">What it is; there is one of each type for an entity.</typeparam>
    /// <param name="entity">An entity of the model.</param>
    /// <param name="make">Works it out; may be called more than once.</param>
    public T Derive<T>(Entity entity, Func<PublishedModel, Entity, T> make) where T : class =>
        (T)(_derived.TryGetValue((typeof(T), entity), out var known) ? known : _derived.GetOrAdd((typeof(T), entity), make(this, entity)));
}
