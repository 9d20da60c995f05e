using Microsoft.Extensions.Logging.Abstractions;
using Notify.Core.Routing;
using Notify.Tests.Core.Caching;
using Notify.Tests.Core.Hosting;
using Notify.Tests.Workers.Email;

namespace Notify.Tests.Core.Routing;

public sealed class ProfileStoreTests(PostgresServer server) : DatabaseTests(server)
{
    [Fact]
    public async Task Profiles_of_many_tenants_are_read_after_one_wait_for_a_Redis_that_does_not_answer()
    {
        await Database.ExecuteAsync("INSERT INTO recipients (tenant_id, recipient_id, email, created_at, updated_at) SELECT 't' || n, 'u1', 't' || n || '@example.com', now(), now() FROM generate_series(0, 19) AS n");
        var (redis, time) = (new SilentRedis(), new ManualTime());
        var store = new ProfileStore(new(redis.Connection, NullLogger<ProfileCache>.Instance, new(time)), Database.Source);

        for (var i = 0; i < 20; i++)
        {
            var finding = store.FindAsync($"t{i}", ["u1"], Cancel);
            if (i == 0)
                time.Advance(TimeSpan.FromMilliseconds(250));   // the only wait: the clock stands for all others
            Assert.Equal($"t{i}@example.com", Assert.Single(await finding.WaitAsync(TimeSpan.FromSeconds(60), Cancel)).Value.Email);
        }

        Assert.Equal(["StringGetAsync"], redis.Asked);
    }
}
