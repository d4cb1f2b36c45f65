namespace Xrm.Server.Tests.Privacy;

/// <summary>The delivered package of consents, over the delivered contacts.</summary>
public sealed class PrivacyPackageTests
{
    [Fact]
    public async Task A_consent_is_recorded_withdrawn_and_led_to_by_its_contact()
    {
        await using var app = await TestApplication.StartAsync("privacy-package", await Repository.PackagesAsync("metadata/packages/core", "metadata/packages/privacy"));
        var admin = await app.ClientAsync();
        var contact = await admin.CreateAsync("contacts", """{ "name_last": "Hopper", "email": "grace@example.com" }""");
        var consent = await admin.CreateAsync("consents", $$"""{ "contact_id": "{{contact}}", "purpose": "newsletter", "channel": "form", "wording": "May we write to you?", "proof": "Clicked the link" }""");
        Assert.Equal(("CO-00001", "True"), ((await admin.GetAsync($"/api/data/consents/{consent}"))["number"], (await admin.GetAsync($"/api/data/consents/{consent}"))["in_force"]));
        Assert.Equal(400, (await admin.PatchAsync($"/api/data/consents/{consent}", """{ "withdrawn_at": "2001-01-01T00:00:00Z" }""")).Status);
        Assert.Equal("purpose create_only", (await admin.PatchAsync($"/api/data/consents/{consent}", """{ "purpose": "offers" }""")).Errors);
        var groups = (await admin.PostAsync("/api/privacy/erasures/preview", $$"""{ "entity": "contact", "id": "{{contact}}" }""")).Json.GetProperty("groups").EnumerateArray()
            .Select(group => $"{group.GetProperty("entity").GetString()} {group.GetProperty("fate").GetString()}");
        Assert.Equal(["contact anonymise", "consent keep"], groups);
    }
}
