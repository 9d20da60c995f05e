using System.Net;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Notify.Tests.Distributed.Faults;

/// <summary>One tenant sends a hundred times what each of the others does.</summary>
[Collection(FaultTests.Name)]
public sealed class F37NoisyTenantTests(FaultApp app, ITestOutputHelper output)
{
    private const int Quiet = 3;
    private const int Times = 100;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F37", quick: false)]
    public async Task A_noisy_tenant_costs_the_others_nothing_they_sent()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F37", 30);
        var tenants = new List<Load>();
        for (var index = 0; index <= Quiet; index++)
            tenants.Add(await TenantAsync(run));
        var plain = await SendAsync(run, tenants[1..]);

        var noise = tenants[0].PostBatchesAsync(Enumerable.Range(0, run.Count * Times).Select(_ => Parcel.Email(run.Category)), 500, Cancel);
        var beside = await SendAsync(run, tenants[1..]);
        await noise;
        run.FaultEnded();
        foreach (var (id, parcel) in tenants.SelectMany(tenant => tenant.Accepted))
            run.Load.Accepted[id] = parcel;
        double[] p99 = [.. beside.Select(latency => latency.P99)];
        var fairness = Math.Pow(p99.Sum(), 2) / (p99.Length * p99.Sum(value => value * value));   // Jain's index: 1 where all fare alike
        var balance = await run.EndAsync(
            ("noisy", run.Count * Times), ("p99plain", $"{plain.Average(latency => latency.P99):0}ms"), ("p99beside", $"{p99.Average():0}ms"),
            ("ratio", Math.Round(p99.Average() / plain.Average(latency => latency.P99), 2)), ("fairness", Math.Round(fairness, 3)), ("throttledAtTheDoor", tenants[0].Refused));

        Assert.Equal(0, balance.Duplicates);
        Assert.All(balance.Rows, row => Assert.Equal("sent", row.State));
    }

    private static Task<Latency[]> SendAsync(FaultRun run, IReadOnlyList<Load> tenants) => Task.WhenAll(tenants.Select(async tenant =>
    {
        var parcels = run.Emails();
        await tenant.PostEachAsync(parcels, 2, Cancel);
        return await Latency.OfAsync(run, parcels, Cancel);
    }));

    private static async Task<Load> TenantAsync(FaultRun run)
    {
        var (tenant, key) = ($"fault-{Guid.NewGuid():N}", $"ntf_{Guid.NewGuid():N}");
        await run.Notify.QueryAsync("INSERT INTO tenants (tenant_id, enabled, created_at) VALUES (@tenant, true, now())", _ => 0, Cancel, new NpgsqlParameter("tenant", tenant));
        await run.Notify.QueryAsync(
            "INSERT INTO api_keys (tenant_id, key_id, hash, scopes, created_at) VALUES (@tenant, 'fault', @hash, ARRAY['send', 'read'], now())", _ => 0, Cancel,
            new NpgsqlParameter("tenant", tenant), new NpgsqlParameter("hash", SHA256.HashData(Encoding.UTF8.GetBytes(key))));
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
