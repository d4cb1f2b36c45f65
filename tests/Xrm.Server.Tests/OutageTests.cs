using System.Net;
using Xrm.Server.Tests.Workflows;

namespace Xrm.Server.Tests;

public sealed class OutageTests
{
    [Fact]
    public async Task Requests_fail_cleanly_while_the_database_is_away_and_succeed_when_it_is_back()
    {
        await using var proxy = new DatabaseProxy();
        await using var app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true, Connection = proxy.Through }, "orders", OrdersPackage.Files());
        var admin = await app.ClientAsync();
        var id = await admin.CreateAsync("orders", """{ "title": "Before" }""");
        Assert.Equal(200, (await admin.GetAsync("/readyz")).Status);

        using var probe = new HttpClient(new SocketsHttpHandler()) { BaseAddress = admin.Http.BaseAddress };
        proxy.Close();
        for (var round = 0; round < 4; round++)
        {
            AssertUnavailable(await admin.GetAsync($"/api/data/orders/{id}"));
            AssertUnavailable(await admin.GetAsync("/api/data/orders?$count=true"));
            AssertUnavailable(await admin.PostAsync("/api/data/orders", """{ "title": "Lost" }"""));
            AssertUnavailable(await admin.PatchAsync($"/api/data/orders/{id}", """{ "title": "Lost" }"""));
            AssertUnavailable(await admin.PostAsync($"/api/data/orders/{id}/two_steps", "{}"));
            AssertUnavailable(await admin.GetAsync("/api/administration/mails"));
            AssertUnavailable(await admin.PostAsync("/api/auth/sign-in", """{ "userName": "admin", "password": "x" }"""));
            AssertUnavailable(await admin.GetAsync("/readyz"));
            Assert.Equal(HttpStatusCode.OK, (await probe.GetAsync("/healthz")).StatusCode);
            Assert.Equal(200, (await admin.GetAsync("/healthz")).Status);
            // Long enough for what is known of the caller to be forgotten.
            await Task.Delay(2000);
        }

        proxy.Open();
        var read = await admin.GetAsync($"/api/data/orders/{id}");
        Assert.True(read.Status == 200, $"{read.Status} {admin.Defect}");
        Assert.Equal(200, (await admin.GetAsync("/readyz")).Status);
        Assert.Equal("Before", (await admin.GetAsync($"/api/data/orders/{id}"))["title"]);
        Assert.Equal(202, (await admin.PostAsync($"/api/data/orders/{id}/two_steps", "{}")).Status);
        var run = Assert.Single(await OrdersApplication.RunsAsync(admin, id, "succeeded", "failed"));
        Assert.Equal("succeeded", run.GetProperty("state").GetString());
    }

    private static void AssertUnavailable(Answer answer)
    {
        Assert.Equal((503, "database_unavailable", "application/problem+json"), (answer.Status, answer["code"], answer.Message.Content.Headers.ContentType?.MediaType));
        Assert.Equal("2", answer.Message.Headers.RetryAfter?.ToString());
    }
}
