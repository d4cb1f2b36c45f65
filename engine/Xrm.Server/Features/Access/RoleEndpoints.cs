using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Xrm.Data;
using Xrm.Data.Access;
using Xrm.Data.Publishing;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Server.Localization;
using Xrm.Server.Security;

namespace Xrm.Server.Features.Access;

/// <summary>The roles as their packages write them, and for what they can grant rights: <c>GET /api/access/roles</c>, for administrators. A publish changes them.</summary>
internal static class RoleEndpoints
{
    private const string Folder = "roles/";

    // Settings are one record, which the publish makes; what nobody owns can be neither given away nor shared.
    private static readonly Operation[] NotForSettings = [Operation.Create, Operation.Delete, Operation.Import];
    private static readonly Operation[] ForOwned = [Operation.Assign, Operation.Share];

    public static void MapRoles(this IEndpointRouteBuilder routes) =>
        routes.MapGroup("/api/access").WithTags("Access").RequireAuthorization(Policies.Administrator).MapGet("/roles", GetAsync);

    private static async Task<Ok<RoleOverview>> GetAsync(HttpRequest request, PackageStore store, CurrentModel current, CancellationToken ct)
    {
        var (version, packages) = await store.ReadAsync(ct);
        var model = current.Value.Model;
        var texts = Texts.For(model, request);
        var files = packages.SelectMany(package => package.Content.Where(file => IsRole(file.Key))
            .Select(file => new RoleFile(package.Name, file.Key, Encoding.UTF8.GetString(file.Value.AsSpan()))));
        return TypedResults.Ok(new RoleOverview(
            version, [.. Enum.GetValues<Operation>().Select(Written)], [.. Enum.GetValues<Depth>().Select(Written)],
            [.. files.Select(file => Describe(file, model, texts)).OrderBy(role => role.Label, StringComparer.CurrentCultureIgnoreCase)],
            [.. model.Entities.Select(entity => Describe(entity, texts)).OrderBy(entity => entity.Label, StringComparer.CurrentCultureIgnoreCase)]));
    }

    private static bool IsRole(string path) => path.StartsWith(Folder, StringComparison.Ordinal) && path.EndsWith(".json", StringComparison.Ordinal);

    private static DescribedRole Describe(RoleFile file, Model model, Texts texts)
    {
        var name = file.Path[Folder.Length..^".json".Length];
        var role = model.Roles.GetValueOrDefault(name);
        return new DescribedRole(name, texts.Find($"role.{name}.label") ?? role?.Label ?? Names.ToLabel(name), texts.Find($"role.{name}.description") ?? role?.Description, file.Package, file.Path, file.Text);
    }

    private static DescribedEntity Describe(Entity entity, Texts texts) => new(
        entity.Name, texts.Find($"entity.{entity.Name}.label") ?? entity.Label, entity.IsUserOwned,
        [.. Enum.GetValues<Operation>().Where(operation => Applies(entity, operation)).Select(Written)]);

    private static bool Applies(Entity entity, Operation operation) => !(entity.IsSettings && NotForSettings.Contains(operation)) && (entity.IsUserOwned || !ForOwned.Contains(operation));

    private static string Written<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private sealed record RoleFile(string Package, string Path, string Text);

    /// <summary>All roles.</summary>
    /// <param name="Version">Version of the packages.</param>
    /// <param name="Operations">What rights can be granted for.</param>
    /// <param name="Depths">How far rights can reach; each includes those before it.</param>
    /// <param name="Roles">The roles.</param>
    /// <param name="Entities">What they grant rights to.</param>
    internal sealed record RoleOverview(long Version, ImmutableArray<string> Operations, ImmutableArray<string> Depths, ImmutableArray<DescribedRole> Roles, ImmutableArray<DescribedEntity> Entities);

    /// <summary>A role.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Label">What people call it.</param>
    /// <param name="Description">What it is for; null where nobody says.</param>
    /// <param name="Package">The package that it stands in.</param>
    /// <param name="Path">Path of its file in the package.</param>
    /// <param name="Text">The file as it was published.</param>
    internal sealed record DescribedRole(string Name, string Label, string? Description, string Package, string Path, string Text);

    /// <summary>An entity that rights are granted to.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Label">What people call its records.</param>
    /// <param name="IsOwned">Its records have owners: the depths between none and all apply.</param>
    /// <param name="Operations">Which of the operations apply.</param>
    internal sealed record DescribedEntity(string Name, string Label, bool IsOwned, ImmutableArray<string> Operations);
}
