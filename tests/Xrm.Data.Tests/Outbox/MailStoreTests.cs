using Xrm.Data.Outbox;
using Xrm.TestKit;

namespace Xrm.Data.Tests.Outbox;

public sealed class MailStoreTests(TestDatabase test) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Mails_are_listed_and_taken_with_their_recipients_when_they_wait()
    {
        var store = new MailStore(test.Database, TimeProvider.System);
        await test.Database.InTransactionAsync(async (transaction, ct) =>
        {
            await store.AddAsync(transaction, ["ada@example.org", "bob@example.org"], "Renewal", "Good day", ct);
            return true;
        }, null, CancellationToken.None);

        var listed = Assert.Single(await store.ListAsync(10, CancellationToken.None));
        var taken = await store.TakeAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.Equal(["ada@example.org", "bob@example.org"], listed.Recipients);
        Assert.Equal("waiting", listed.State);
        Assert.Equal((listed.Id, 1), (taken?.Id, taken?.Attempts));
        Assert.Null(await store.TakeAsync(TimeSpan.FromMinutes(1), CancellationToken.None));
    }
}
