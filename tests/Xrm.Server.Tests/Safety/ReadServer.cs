using Xrm.Server.Tests.Queries;

namespace Xrm.Server.Tests.Safety;

/// <summary>A server with the model of the query tests.</summary>
public sealed class ReadServer : IAsyncLifetime
{
    public TestApplication Application { get; private set; } = null!;

    public TestClient Client { get; private set; } = null!;

    /// <summary>Id of an account.</summary>
    public string Account { get; private set; } = "";

    /// <summary>Id of a contract.</summary>
    public string Contract { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Application = await TestApplication.StartAsync("queries", QueryModel.Files);
        Client = await Application.ClientAsync();
        Account = await Client.CreateAsync("accounts", """{ "name": "Acme", "industry": "tech", "score": 1.5 }""");
        Contract = await Client.CreateAsync("contracts", $$"""{ "title": "Rent", "account_id": "{{Account}}", "value": 10.50, "lines": [{ "product": "Pump", "amount": 1.10 }] }""");
    }

    public async Task DisposeAsync() => await Application.DisposeAsync();
}
