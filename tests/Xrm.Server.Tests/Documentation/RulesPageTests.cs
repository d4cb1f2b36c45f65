using Xrm.Server.Tests.Publish;

namespace Xrm.Server.Tests.Documentation;

/// <summary>Does what docs/rules.md tells, with the files that it shows.</summary>
public sealed class RulesPageTests : IAsyncLifetime
{
    private TestApplication _app = null!;
    private TestClient _admin = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApplication.StartAsync(new TestSettings { WorksInBackground = true }, "rules page");
        _admin = await _app.ClientAsync();
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Fact]
    public async Task Package_is_published_and_does_what_the_page_says()
    {
        // Publishing runs the page's package tests.
        await PublishAsync();

        // 2 and 3: formulas and rollups.
        var aid = await TrainingAsync("First aid", seats: 3);
        Assert.Equal("3", await ValueAsync("trainings", aid, "days"));
        var ada = await _admin.CreateAsync("bookings", Booking("Ada", aid));
        Assert.StartsWith("2027-03-02", await ValueAsync("bookings", ada, "starts_on"), StringComparison.Ordinal);
        Assert.Equal("2", await ValueAsync("trainings", aid, "seats_left"));
        await _admin.PatchAsync($"/api/data/bookings/{ada}", """{ "status": "cancelled" }""");
        Assert.Equal("3", await ValueAsync("trainings", aid, "seats_left"));

        // 4: rules without a script.
        var refused = await _admin.PostAsync("/api/data/trainings", Training("No place", 3, ""));
        Assert.Equal((400, "room required", "Room is required."), (refused.Status, refused.Errors, Message(refused)));
        Assert.Equal("link required", (await _admin.PostAsync("/api/data/trainings", Training("No link", 3, """, "online": true"""))).Errors);
        var online = await _admin.CreateAsync("trainings", Training("Online", 3, """, "online": true, "link": "https://example.com/", "room": "A1" """));
        Assert.Null(await ValueAsync("trainings", online, "room"));
        var large = await _admin.PostAsync("/api/data/trainings", Training("Large", 51, """, "room": "A1" """));
        Assert.Equal((201, "Ask for the large hall in good time."), (large.Status, Told(large)));

        // 5: a validation.
        refused = await _admin.PatchAsync($"/api/data/trainings/{aid}", """{ "ends_on": "2027-03-01" }""");
        Assert.Equal((400, "A training cannot end before it starts."), (refused.Status, Message(refused)));
        Assert.StartsWith("ends_on ", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_of_the_page_refuse_warn_mail_and_move()
    {
        await PublishAsync();
        var (full, free) = (await TrainingAsync("First aid", seats: 2), await TrainingAsync("Fire drill", seats: 1));

        // 6: scripts before the save.
        await _admin.CreateAsync("bookings", Booking("Ada", full));
        var refused = await _admin.PostAsync("/api/data/bookings", Booking("Ada", full));
        Assert.Equal((400, "Ada is booked already."), (refused.Status, Message(refused)));
        var last = await _admin.PostAsync("/api/data/bookings", Booking("Bob", full));
        Assert.Equal((201, "This is the last seat."), (last.Status, Told(last)));
        refused = await _admin.PostAsync("/api/data/bookings", Booking("Cy", full));
        Assert.Equal((400, "First aid is full. Choose another one."), (refused.Status, Message(refused)));

        // 7: scripts after the save. The refused booking has no mail.
        Assert.Equal("ada@example.com bob@example.com", string.Join(' ', await RecipientsAsync(2)));

        // 8: the button.
        var moved = await _admin.PostAsync($"/api/data/bookings/{last["id"]}/move_booking", $$"""{ "to": "{{free}}" }""");
        Assert.Equal((200, """{"training":"Fire drill"}"""), (moved.Status, moved.Json.GetProperty("@xrm.result").GetRawText()));
        Assert.Equal(("1", "0"), (await ValueAsync("trainings", full, "seats_left"), await ValueAsync("trainings", free, "seats_left")));
        var cancelled = await _admin.CreateAsync("bookings", Booking("Di", full));
        await _admin.PatchAsync($"/api/data/bookings/{cancelled}", """{ "status": "cancelled" }""");
        Assert.Equal(409, (await _admin.PostAsync($"/api/data/bookings/{cancelled}/move_booking", $$"""{ "to": "{{full}}" }""")).Status);

        // 10: a trial without effect; then the rule is switched off and on.
        var tried = await _admin.PostAsync("/api/metadata/rules/dry-run", RulesPage.Request("POST /api/metadata/rules/dry-run"));
        Assert.Equal((200, "2", "2"), (tried.Status, tried["examined"], tried["changed"]));
        Assert.Equal("3", await ValueAsync("trainings", full, "days"));
        Assert.Equal(400, (await _admin.PostAsync("/api/data/bookings", Booking("Eve", free))).Status);
        Assert.Equal(204, (await _admin.PostAsync("/api/metadata/rules/booking/seats/switch-off", """{ "reason": "Refuses bookings since this morning." }""")).Status);
        await _admin.CreateAsync("bookings", Booking("Eve", free));
        Assert.Equal(204, (await _admin.PostAsync("/api/metadata/rules/booking/seats/switch-on", """{ "reason": "Corrected." }""")).Status);
        Assert.Equal(400, (await _admin.PostAsync("/api/data/bookings", Booking("Fay", free))).Status);
    }

    [Fact]
    public async Task Bookings_at_once_take_no_more_seats_than_there_are()
    {
        await PublishAsync();
        var (left, right) = (await TrainingAsync("Left", seats: 3), await TrainingAsync("Right", seats: 3));
        var booked = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => _admin.PostAsync("/api/data/bookings", Booking($"P{number}", number % 2 == 0 ? left : right))));
        Assert.Equal((6, 10), (booked.Count(answer => answer.Status == 201), booked.Count(answer => answer.Status == 400 && Message(answer)!.EndsWith("is full. Choose another one.", StringComparison.Ordinal))));
        Assert.Equal(("3", "3"), (await ValueAsync("trainings", left, "taken"), await ValueAsync("trainings", right, "taken")));

        // A seat that is given back, and three who want it: by a change, a move, and anew.
        var ids = booked.Where(answer => answer.Status == 201).ToLookup(answer => answer["training_id"], answer => answer["id"]!);
        var (back, again) = (ids[left].First(), ids[left].Last());
        foreach (var id in new[] { back, again }) await _admin.PatchAsync($"/api/data/bookings/{id}", """{ "status": "cancelled" }""");
        await _admin.CreateAsync("bookings", Booking("Zoe", left));
        await Task.WhenAll(
            _admin.PatchAsync($"/api/data/bookings/{back}", """{ "status": "booked" }"""),
            _admin.PostAsync($"/api/data/bookings/{ids[right].First()}/move_booking", $$"""{ "to": "{{left}}" }"""),
            _admin.PostAsync("/api/data/bookings", Booking("Yan", left)));
        Assert.Equal("3", await ValueAsync("trainings", left, "taken"));
    }

    [Fact]
    public async Task Moves_that_wait_for_each_other_are_all_carried_out()
    {
        await PublishAsync();
        var (left, right) = (await TrainingAsync("Left", seats: 20), await TrainingAsync("Right", seats: 20));
        var bookings = new List<(string Id, string To)>();
        for (var number = 0; number < 4; number++)
            bookings.Add((await _admin.CreateAsync("bookings", Booking($"P{number}", number % 2 == 0 ? left : right)), number % 2 == 0 ? right : left));
        var moved = await Task.WhenAll(bookings.Take(2).Select(one => _admin.PostAsync($"/api/data/bookings/{one.Id}/move_booking", $$"""{ "to": "{{one.To}}" }""")));
        Assert.All(moved, answer => Assert.True(answer.Status == 200, $"{answer.Status} {answer.Json}"));
        Assert.Equal(("2", "2"), (await ValueAsync("trainings", left, "taken"), await ValueAsync("trainings", right, "taken")));
        var refused = await _admin.PatchAsync($"/api/data/trainings/{left}", """{ "seats": 1 }""");
        Assert.Equal((400, "More people are booked than there are seats."), (refused.Status, Message(refused)));
    }

    private async Task PublishAsync()
    {
        var files = RulesPage.Files();
        Assert.True(files.Content.Count >= 8, $"Only {files.Content.Count} files were found in docs/rules.md.");
        var published = await _admin.PostAsync("/api/metadata/publish", TestedPackage.Body(files));
        Assert.True(published.Status == 200, $"{published.Status} {published.Json}");
    }

    private Task<string> TrainingAsync(string title, int seats) => _admin.CreateAsync("trainings", Training(title, seats, """, "room": "A1" """));

    private async Task<string?> ValueAsync(string collection, string id, string field) => (await _admin.GetAsync($"/api/data/{collection}/{id}"))[field];

    private async Task<string?[]> RecipientsAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var mails = (await _admin.GetAsync("/api/administration/mails")).Json.EnumerateArray().Where(mail => mail.GetProperty("subject").GetString() == "You are booked: First aid").ToList();
            if (mails.Count >= count) return [.. mails.Select(mail => mail.GetProperty("recipients")[0].GetString()).Order(StringComparer.Ordinal)];
            await Task.Delay(50, limit.Token);
        }
    }

    private static string? Message(Answer refused) => refused.Json.GetProperty("errors")[0].GetProperty("message").GetString();

    private static string? Told(Answer saved) => Assert.Single(saved.Json.GetProperty("@xrm.messages").EnumerateArray()).GetProperty("message").GetString();

    private static string Training(string title, int seats, string more) => $$"""{ "title": "{{title}}", "starts_on": "2027-03-02", "ends_on": "2027-03-04", "seats": {{seats}} {{more}} }""";

    private static string Booking(string name, string training) => $$"""{ "participant": "{{name}}", "email": "{{name.ToLowerInvariant()}}@example.com", "training_id": "{{training}}" }""";
}
