using System.Buffers;
using System.Text.Json;
using Npgsql;

namespace Xrm.Load.Reference;

/// <summary>Three hand-written endpoints over the plain tables: rows go from the reader straight into the response.</summary>
internal static class ContactEndpoints
{
    private const string One = """
        select id, first_name, last_name, email, phone, job_title, status, birthdate, credit_limit, opted_in, account_id, owner_id, notes, created_on, modified_on
        from plain.contact where id = $1
        """;

    private const string List = """
        select c.id, c.first_name, c.last_name, c.email, c.phone, c.job_title, c.status, c.credit_limit, a.name as account_name
        from plain.contact c left join plain.account a on a.id = c.account_id
        where c.status = $1 and c.last_name like $2 order by c.last_name limit 50
        """;

    private const string Create = """
        insert into plain.contact (first_name, last_name, email, phone, job_title, status, birthdate, credit_limit, account_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id
        """;

    private static readonly JsonWriterOptions Json = new() { SkipValidation = true };
    private static readonly JsonEncodedText[] OneNames = Names("id", "first_name", "last_name", "email", "phone", "job_title", "status", "birthdate", "credit_limit", "opted_in", "account_id", "owner_id", "notes", "created_on", "modified_on");
    private static readonly JsonEncodedText[] ListNames = Names("id", "first_name", "last_name", "email", "phone", "job_title", "status", "credit_limit", "account_name");

    public static async Task OneAsync(Guid id, HttpContext http, NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(One);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        if (!await reader.ReadAsync(http.RequestAborted))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter((IBufferWriter<byte>)http.Response.BodyWriter, Json);
        writer.WriteStartObject();
        writer.WriteString(OneNames[0], reader.GetGuid(0));
        for (var index = 1; index <= 6; index++) Text(writer, OneNames[index], reader, index);
        if (reader.IsDBNull(7)) writer.WriteNull(OneNames[7]);
        else writer.WriteString(OneNames[7], reader.GetFieldValue<DateOnly>(7).ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        Number(writer, OneNames[8], reader, 8);
        writer.WriteBoolean(OneNames[9], reader.GetBoolean(9));
        Id(writer, OneNames[10], reader, 10);
        Id(writer, OneNames[11], reader, 11);
        Text(writer, OneNames[12], reader, 12);
        writer.WriteString(OneNames[13], reader.GetDateTime(13));
        writer.WriteString(OneNames[14], reader.GetDateTime(14));
        writer.WriteEndObject();
    }

    public static async Task ListAsync(string status, string letter, HttpContext http, NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(List);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = status });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = letter + "%" });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter((IBufferWriter<byte>)http.Response.BodyWriter, Json);
        writer.WriteStartArray();
        while (await reader.ReadAsync(http.RequestAborted))
        {
            writer.WriteStartObject();
            writer.WriteString(ListNames[0], reader.GetGuid(0));
            for (var index = 1; index <= 6; index++) Text(writer, ListNames[index], reader, index);
            Number(writer, ListNames[7], reader, 7);
            Text(writer, ListNames[8], reader, 8);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    public static async Task CreateAsync(HttpContext http, NpgsqlDataSource database)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var contact = body.RootElement;
        await using var command = database.CreateCommand(Create);
        foreach (var name in new[] { "first_name", "last_name", "email", "phone", "job_title", "status" })
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = contact.GetProperty(name).GetString()! });
        var birthdate = DateOnly.ParseExact(contact.GetProperty("birthdate").GetString()!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = birthdate });
        command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = contact.GetProperty("credit_limit").GetDecimal() });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = contact.GetProperty("account_id").GetGuid() });
        var id = (Guid)(await command.ExecuteScalarAsync(http.RequestAborted))!;
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter((IBufferWriter<byte>)http.Response.BodyWriter, Json);
        writer.WriteStartObject();
        writer.WriteString(OneNames[0], id);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, JsonEncodedText name, NpgsqlDataReader reader, int ordinal)
    {
        if (reader.IsDBNull(ordinal)) writer.WriteNull(name);
        else writer.WriteString(name, reader.GetString(ordinal));
    }

    private static void Number(Utf8JsonWriter writer, JsonEncodedText name, NpgsqlDataReader reader, int ordinal)
    {
        if (reader.IsDBNull(ordinal)) writer.WriteNull(name);
        else writer.WriteNumber(name, reader.GetDecimal(ordinal));
    }

    private static void Id(Utf8JsonWriter writer, JsonEncodedText name, NpgsqlDataReader reader, int ordinal)
    {
        if (reader.IsDBNull(ordinal)) writer.WriteNull(name);
        else writer.WriteString(name, reader.GetGuid(ordinal));
    }

    private static JsonEncodedText[] Names(params string[] names) => [.. names.Select(name => JsonEncodedText.Encode(name))];
}
