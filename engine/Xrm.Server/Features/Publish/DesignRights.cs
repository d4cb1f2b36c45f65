using System.Collections.Immutable;
using Xrm.Data.Errors;
using Xrm.Data.Publishing;
using Xrm.Metadata.Source;

namespace Xrm.Server.Features.Publish;

/// <summary>What somebody may publish whom a role lets change packages, and who is no administrator.</summary>
/// <param name="store">The packages in force.</param>
internal sealed class DesignRights(PackageStore store)
{
    private const string Roles = "roles/";

    /// <summary>Refuses what is not for the caller: other packages, rights, and what deletes data.</summary>
    /// <param name="request">What is to be planned, tested or published.</param>
    /// <param name="ct">Cancels the statements.</param>
    /// <returns>The request, held to the version whose roles were compared.</returns>
    /// <exception cref="XrmException">403.</exception>
    public async Task<PublishRequest> CheckAsync(PublishRequest request, CancellationToken ct)
    {
        if (request.Caller.IsAdministrator) return request;
        if (request.Packages.FirstOrDefault(package => !request.Caller.Designs(package.Name)) is { } other)
            throw XrmException.Forbidden($"You may not change the package {other.Name}: none of your roles names it in designs.", "packages");
        if (request.Remove.Count > 0) throw XrmException.Forbidden("Only administrators may take packages out of force.", "remove");
        if (request.Drop.Count > 0) throw XrmException.Forbidden("Only administrators may delete data together with entities and fields.", "drop");
        var (version, packages) = await store.ReadAsync(ct);
        foreach (var package in request.Packages)
            if (FindChangedRole(package, packages.FirstOrDefault(known => known.Name == package.Name)) is { } role)
                throw XrmException.Forbidden($"{package.Name}: {role} says what people may do. Only administrators may add, change or remove roles.", "packages");
        return request with { BaseVersion = request.BaseVersion ?? version };
    }

    private static string? FindChangedRole(PackageFiles wanted, PackageFiles? inForce)
    {
        var (next, known) = (RolesOf(wanted), inForce is null ? [] : RolesOf(inForce));
        return next.Keys.Union(known.Keys).Order(StringComparer.Ordinal).FirstOrDefault(path =>
            !next.TryGetValue(path, out var after) || !known.TryGetValue(path, out var before) || !after.AsSpan().SequenceEqual(before.AsSpan()));
    }

    private static Dictionary<string, ImmutableArray<byte>> RolesOf(PackageFiles package) =>
        package.Content.Where(file => file.Key.StartsWith(Roles, StringComparison.OrdinalIgnoreCase)).ToDictionary(file => file.Key, file => file.Value, StringComparer.Ordinal);
}
