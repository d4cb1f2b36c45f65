using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;
using Xrm.Data.Sql;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Access;

/// <summary>
/// Reads where people stand in the organisation from the records of the entities <c>user</c>, <c>team</c> and <c>business_unit</c>, as far as the
/// model has them with the fields that say so: a user's <c>business_unit</c> and <c>manager</c>, a team's <c>members</c>, a unit's parent.
/// </summary>
public sealed class MembershipReader(Database database)
{
    /// <summary>Where a user stands.</summary>
    /// <param name="published">The model in force.</param>
    /// <param name="userId">The user.</param>
    /// <param name="withReports">Also who reports to the user: of managers of many they are many.</param>
    /// <param name="ct">Cancels the query.</param>
    public async Task<Membership> ReadAsync(PublishedModel published, Guid userId, bool withReports, CancellationToken ct)
    {
        var model = published.Model;
        var sql = new SqlBuilder();
        var users = model.FindEntity(FormulaUser.Entity);
        if (IsStored(users?.FindField("business_unit"), out var unit)) AddUnits(sql, unit, userId);
        var team = model.FindEntity("team")?.FindField("members") is { Child: { } link, Via: { } side, FarSide: { } member } && member.Targets is [var target] && target == users ? new TeamLink(link, side, member) : null;
        if (team is not null) AddTeams(Also(sql).Text("("), team, userId).Text(")");
        if (withReports && IsStored(users?.FindField("manager"), out var manager) && manager.Targets[0] == users) AddReports(Also(sql), manager, userId);
        AddShares(Also(sql), team, userId);
        var found = new List<(string Kind, Guid Id)>();
        await using var connection = await database.OpenAsync(ct);
        await using var command = sql.ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) found.Add((reader.GetString(0), reader.GetGuid(1)));
        await reader.CloseAsync();
        var ids = found.ToLookup(row => row.Kind, row => row.Id);
        var values = users is null ? FrozenDictionary<string, object>.Empty : await ValuesAsync(connection, users, userId, ct);
        return new Membership(ids["unit"].Select(id => (Guid?)id).FirstOrDefault(), [.. ids["below"]], [.. ids["team"]], [.. ids["report"]], [.. ids["share"]])
        {
            Values = values,
            Asked = string.Join('\n', published.Formulas.UserColumns.Select(name => values.TryGetValue(name, out var value) ? Stable(value) : "")),
        };
    }

    /// <summary>What somebody has entered into the user's own record.</summary>
    private async Task<FrozenDictionary<string, object>> ValuesAsync(NpgsqlConnection connection, Entity users, Guid userId, CancellationToken ct)
    {
        Column[] columns = [.. users.Fields.Where(field => field is { Formula: null, Rollup: null }).SelectMany(field => field.Columns)];
        var sql = new SqlBuilder().Text("select id");
        foreach (var column in columns) sql.Text(", ").Name(column.Name);
        await using var command = Of(sql, users, userId).ToCommand(connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return FrozenDictionary<string, object>.Empty;
        return columns.Select((column, index) => (column.Name, Value: ColumnCodec.Read(reader, index + 1, column.Type))).Where(pair => pair.Value is not null).ToFrozenDictionary(pair => pair.Name, pair => pair.Value!);
    }

    private static string Stable(object value) => value is Array list ? string.Join(',', list.Cast<object>().Select(Stable)) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static bool IsStored(Field? field, [NotNullWhen(true)] out Field? lookup) => (lookup = field is { IsSingleLookup: true, IsComputed: false } ? field : null) is not null;

    private static SqlBuilder Also(SqlBuilder sql) => sql.IsEmpty ? sql : sql.Text(" union all ");

    // Recursive unions leave out what they found before, so that circles end them.
    private void AddUnits(SqlBuilder sql, Field unit, Guid userId)
    {
        var (users, units) = (unit.Entity, unit.Targets[0]);
        Of(sql.Text("(select 'unit', ").Name(unit.Column!.Name), users, userId).Text(" and ").Name(unit.Column.Name).Text(" is not null) union all (with recursive below(id) as (");
        Of(sql.Text("select ").Name(unit.Column.Name), users, userId).Text(" and ").Name(unit.Column.Name).Text(" is not null");
        if (units.Hierarchy is { Column: { } parent })
            sql.Text(" union select u.id from below join ").Name(database.Schema, units.Plural).Text(" u on u.").Name(parent.Name).Text(" = below.id");
        sql.Text(") select 'below', id from below)");
    }

    private SqlBuilder AddTeams(SqlBuilder sql, TeamLink team, Guid userId) => sql.Text("select distinct 'team', ").Name(team.Side.Column!.Name)
        .Text(" from ").Name(database.Schema, team.Link.Plural).Text(" where ").Name(team.Member.Column!.Name).Text(" = ").Value(userId, ColumnType.Uuid);

    private void AddShares(SqlBuilder sql, TeamLink? team, Guid userId)
    {
        sql.Text("(select 'share', stamp from ").Name(database.Schema, "_share_stamp").Text(" where principal_id = ").Value(userId, ColumnType.Uuid);
        if (team is not null) AddTeams(sql.Text(" or principal_id in (select t.id from ("), team, userId).Text(") as t(kind, id))");
        sql.Text(")");
    }

    private void AddReports(SqlBuilder sql, Field manager, Guid userId) => sql
        .Text("(with recursive reports(id) as (select id from ").Name(database.Schema, manager.Entity.Plural).Text(" where ").Name(manager.Column!.Name).Text(" = ").Value(userId, ColumnType.Uuid)
        .Text(" union select u.id from reports join ").Name(database.Schema, manager.Entity.Plural).Text(" u on u.").Name(manager.Column.Name)
        .Text(" = reports.id) select 'report', id from reports where id <> ").Value(userId, ColumnType.Uuid).Text(")");

    /// <summary>Links of teams and people.</summary>
    private sealed record TeamLink(Entity Link, Field Side, Field Member);

    private SqlBuilder Of(SqlBuilder sql, Entity users, Guid userId) => sql.Text(" from ").Name(database.Schema, users.Plural).Text(" where id = ").Value(userId, ColumnType.Uuid);
}
