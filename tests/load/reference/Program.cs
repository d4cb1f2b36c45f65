using Npgsql;
using Xrm.Load.Reference;

// What somebody would write by hand for exactly these three requests, without metadata, rights, history or rules: the yardstick of the
// load harness. The connection string comes in LOAD_DATABASE, the address in ASPNETCORE_URLS.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var connection = new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("LOAD_DATABASE"))
{
    MaxAutoPrepare = 20,
    AutoPrepareMinUsages = 2,
    NoResetOnClose = true,
};
await using var database = NpgsqlDataSource.Create(connection.ConnectionString);
builder.Services.AddSingleton(database);
await using var app = builder.Build();
app.MapGet("/contacts/{id:guid}", ContactEndpoints.OneAsync);
app.MapGet("/contacts", ContactEndpoints.ListAsync);
app.MapPost("/contacts", ContactEndpoints.CreateAsync);
await app.RunAsync();
