using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Notify.Tests.Support;
using Npgsql;

namespace Notify.Tests.Distributed.Faults;

/// <summary>One tenant sends many times what each of the others does.</summary>
[Collection(FaultTests.Name)]
public sealed class F37NoisyTenantTests(FaultApp app, ITestOutputHelper output)
{
    private const int Quiet = 3;
    private const int Times = 100;
    private const int SlowPerSecond = 4; // so few that permits come one by one
    private const int SlowBacklog = 120;
    private const int SlowEach = 10;
    private const double Fair = 0.95;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F37", quick: false)]
    public async Task A_noisy_tenant_costs_the_others_nothing_they_sent()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F37", 30);
        var tenants = new List<Load>();
        for (var index = 0; index <= Quiet; index++)
            tenants.Add(await TenantAsync(run));
        var plain = await SendAsync(run, tenants[1..]);

        var noise = tenants[0]
            .PostBatchesAsync(Enumerable.Range(0, run.Count * Times).Select(_ => Parcel.Email(run.Category)), 500, Cancel);
        var beside = await SendAsync(run, tenants[1..]);
        await noise;
        run.FaultEnded();
        foreach (var (id, parcel) in tenants.SelectMany(tenant => tenant.Accepted))
            run.Load.Accepted[id] = parcel;
        double[] p99 = [.. beside.Select(latency => latency.P99)];
        var balance = await run.EndAsync(
            ("noisy", run.Count * Times),
            ("p99plain", $"{plain.Average(latency => latency.P99):0}ms"),
            ("p99beside", $"{p99.Average():0}ms"),
            ("ratio", Math.Round(p99.Average() / plain.Average(latency => latency.P99), 2)),
            ("fairness", Math.Round(JainsIndex(p99), 3)),
            ("throttledAtTheDoor", tenants[0].Refused)
        );

        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.Equal("sent", row.State));
    }

    [FaultFact("F37", quick: false)]
    public async Task At_a_slow_provider_a_noisy_tenant_gets_no_more_than_each_that_posts_after_it()
    {
        await using var slow = FaultApp.WithSmsRate(SlowPerSecond, burst: 1);
        var notify = await slow.ReadyAsync(Cancel);
        await using var instances = new Instances(notify.Application);
        await using var run = await FaultRun.StartAsync(notify, instances, output, "F37-slow", SlowEach);
        var tenants = new List<Load>();
        for (var index = 0; index <= Quiet; index++)
            tenants.Add(await TenantAsync(run));
        await tenants[0].PostBatchesAsync(Texts(run, SlowBacklog), SlowBacklog, Cancel);
        await Until.TrueAsync(async () => await run.Accounting.InStateAsync(Cancel, "sent", "delivered") > 0, "The first is sent.", Cancel);

        await Task.WhenAll(tenants[1..].Select(tenant => tenant.PostBatchesAsync(Texts(run, SlowEach), SlowEach, Cancel)));
        foreach (var (id, parcel) in tenants.SelectMany(tenant => tenant.Accepted))
            run.Load.Accepted[id] = parcel;
        run.FaultEnded();
        await run.Accounting.DrainAsync([.. run.Load.Accepted.Keys], Stopwatch.GetTimestamp(), TimeSpan.FromMinutes(2), Cancel);
        var shares = Shares(tenants, await run.Accounting.RowsAsync(Cancel));
        var fairness = JainsIndex(shares);
        var balance = await run.EndAsync(
            ("noisy", SlowBacklog),
            ("rate", SlowPerSecond),
            ("shares", string.Join('/', shares)),
            ("fairness", Math.Round(fairness, 3))
        );

        Assert.True(fairness >= Fair, $"While all of them had something waiting, the tenants got {string.Join(", ", shares)}.");
        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.True(row.IsWithProvider, row.State));
    }

    /// <summary>What each got while all had something waiting: from when the last had posted to the end of the first that had
    /// all.</summary>
    private static double[] Shares(IReadOnlyList<Load> tenants, IReadOnlyList<DeliveryRow> rows)
    {
        var theirs = tenants.Select(tenant => rows.Where(row => tenant.Accepted.ContainsKey(row.Notification)).ToList()).ToList();
        var from = theirs[1..].Max(mine => mine.Max(row => row.AcceptedAt));
        var to = theirs.Min(mine => mine.Max(row => row.SentAt));
        return [.. theirs.Select(mine => (double)mine.Count(row => row.SentAt >= from && row.SentAt <= to))];
    }

    /// <summary>1 where all fare alike, one part of the number of them where one has all.</summary>
    private static double JainsIndex(double[] values) => Math.Pow(values.Sum(), 2) / (values.Length * values.Sum(value => value * value));

    private static List<Parcel> Texts(FaultRun run, int count) => [.. Enumerable.Range(0, count).Select(_ => Parcel.Sms(run.Category))];

    private static Task<Latency[]> SendAsync(FaultRun run, IReadOnlyList<Load> tenants) =>
        Task.WhenAll(
            tenants.Select(async tenant =>
            {
                var parcels = run.Emails();
                await tenant.PostEachAsync(parcels, 2, Cancel);
                return await Latency.OfAsync(run, parcels, Cancel);
            })
        );

    private static async Task<Load> TenantAsync(FaultRun run)
    {
        var (tenant, key) = ($"fault-{Guid.NewGuid():N}", $"ntf_{Guid.NewGuid():N}");
        await run.Notify.QueryAsync(
            "INSERT INTO tenants (tenant_id, enabled, created_at) VALUES (@tenant, true, now())",
            _ => 0,
            Cancel,
            new NpgsqlParameter("tenant", tenant)
        );
        await run.Notify.QueryAsync(
            "INSERT INTO api_keys (tenant_id, key_id, hash, scopes, created_at) VALUES (@tenant, 'fault', @hash, ARRAY['send', 'read'], now())",
            _ => 0,
            Cancel,
            new NpgsqlParameter("tenant", tenant),
            new NpgsqlParameter("hash", SHA256.HashData(Encoding.UTF8.GetBytes(key)))
        );
        var nodes = run.Instances.ApiNodes(TimeSpan.FromSeconds(10), key);
        await Task.WhenAll(nodes.Select(node => Until.GetAsync(() => IsKnownAsync(node), _ => "the new key is known", Cancel)));
        return new Load(() => nodes);
    }

    private static async Task<string?> IsKnownAsync(ApiClient node)
    {
        using var answer = await node.Http.GetAsync($"/v1/recipients/{Guid.NewGuid():N}", Cancel);
        return answer.StatusCode == HttpStatusCode.Unauthorized ? null : "";
    }
}
