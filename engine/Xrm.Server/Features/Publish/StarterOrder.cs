using Xrm.Metadata.Compiled;
using Xrm.Metadata.Source;
using Entity = Xrm.Metadata.Compiled.Entity;
using SourceRows = Xrm.Metadata.Source.StarterData;

namespace Xrm.Server.Features.Publish;

/// <summary>Puts the files of a package behind those that their rows point to, as far as there is such an order.</summary>
internal sealed class StarterOrder
{
    private readonly List<InFile<SourceRows>> _files = [];
    private readonly HashSet<Entity> _visited = [];
    private readonly ILookup<Entity, InFile<SourceRows>> _byEntity;

    public StarterOrder(Model model, IEnumerable<InFile<SourceRows>> files)
    {
        var known = files.Select(file => (Entity: model.FindEntity(file.Value.Entity), File: file)).Where(pair => pair.Entity is not null).ToList();
        _byEntity = known.ToLookup(pair => pair.Entity!, pair => pair.File);
        foreach (var (entity, _) in known) Visit(entity!);
    }

    /// <summary>The files in order.</summary>
    public IReadOnlyList<InFile<SourceRows>> Files => _files;

    private void Visit(Entity entity)
    {
        if (!_visited.Add(entity)) return;
        foreach (var target in entity.Fields.Where(field => !field.IsSystem && field.Column is not null).SelectMany(field => field.Targets).Where(_byEntity.Contains)) Visit(target);
        _files.AddRange(_byEntity[entity]);
    }
}
