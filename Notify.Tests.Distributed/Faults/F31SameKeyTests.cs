using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Notify.Tests.Support;

namespace Notify.Tests.Distributed.Faults;

/// <summary>A hundred equal posts under one key at two API processes, the key again with another body, and the key again after both were
/// restarted.</summary>
[Collection(FaultTests.Name)]
public sealed class F31SameKeyTests(FaultApp app, ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [FaultFact("F31")]
    public async Task One_key_is_one_notification_at_every_process_and_after_a_restart()
    {
        await using var run = await FaultRun.StartAsync(app, output, "F31", 100);
        var (parcel, key) = (Parcel.Email(run.Category), Guid.NewGuid().ToString());
        Assert.Equal(2, run.Nodes.Count);
        foreach (var node in run.Nodes)
            await ReachesCacheAsync(node);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, run.Count).Select(index => PostAsync(run.Nodes[index % 2], parcel.Request, key))
        );
        var others = await Task.WhenAll(run.Nodes.Select(node => PostAsync(node, Parcel.Email(run.Category).Request, key)));
        foreach (var api in run.Instances.Of("api"))
            await run.Instances.ReviveAsync(api, Cancel);
        await run.Instances.HealthyAsync(["api"], Cancel);
        foreach (var node in run.Nodes)
            await ReachesCacheAsync(node); // what counts as healthy is asked of the address that both share
        var late = await Task.WhenAll(run.Nodes.Select(node => PostAsync(node, parcel.Request, key)));
        var id = Assert.Single(answers.Concat(late).Select(answer => answer.Id).OfType<Guid>().Distinct());
        run.Load.Accepted[id] = parcel;
        run.FaultEnded();
        var balance = await run.EndAsync(
            ("posts", answers.Length),
            ("created", answers.Count(answer => answer is { Status: HttpStatusCode.Accepted, Replayed: false })),
            ("replayed", answers.Count(answer => answer.Replayed)),
            ("conflict", answers.Count(answer => answer.Status == HttpStatusCode.Conflict))
        );

        Assert.Single(answers, answer => answer is { Status: HttpStatusCode.Accepted, Replayed: false });
        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.Accepted, HttpStatusCode.Conflict }));
        Assert.All(others, answer => Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status));
        Assert.All(late, answer => Assert.Equal((HttpStatusCode.Accepted, true), (answer.Status, answer.Replayed)));
        Assert.Equal(0, balance.Duplicates);
        Assert.Single(balance.Rows);
    }

    /// <summary>A fault before this one may have taken Redis away, and a process that has not found it again answers with an id of its own:
    /// that is not what is broken here.</summary>
    private static Task ReachesCacheAsync(ApiClient node) =>
        Until.GetAsync(() => IfItReachesCacheAsync(node), _ => "an API process that reaches Redis", Cancel);

    private static async Task<ApiClient?> IfItReachesCacheAsync(ApiClient node)
    {
        try
        {
            return (await node.GetAsync("/health", Cancel))["checks"]!["redis"]!["status"]!.GetValue<string>() == "Healthy" ? node : null;
        }
        catch (HttpRequestException)
        {
            return null; // it does not listen yet
        }
    }

    private static async Task<(HttpStatusCode Status, Guid? Id, bool Replayed)> PostAsync(ApiClient node, object request, string key)
    {
        using var response = await node.PostAsync("/v1/notifications", request, Cancel, ("Idempotency-Key", key));
        var body = await response.Content.ReadFromJsonAsync<JsonObject>(Cancel);
        return (response.StatusCode, body?["id"]?.GetValue<Guid>(), response.Headers.Contains("Idempotency-Replayed"));
    }
}
