using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Notify.AppHost.Commands;

/// <summary>Buttons on the dashboard, beside those that Aspire has for every resource.</summary>
internal static class ServiceCommands
{
    private const int ReplayRate = 50; // a second; a provider that has just come back is not to be flooded

    private const string Sample =
        """{"recipients":[{"email":"ada@example.test","phone":"+15005550009","push":{"platform":"fcm","token":"adas-phone"}}],"message":{"title":"A test","body":"Sent from the dashboard."}}""";

    /// <summary><i>Send a test notification</i> (to the sandbox) and <i>Replay dead letters</i> on the API.</summary>
    public static IResourceBuilder<ProjectResource> WithApiCommands(
        this IResourceBuilder<ProjectResource> api,
        string apiKey,
        bool hasSandbox
    )
    {
        if (hasSandbox)
        {
            api.WithCommand(
                "send-test",
                "Send a test notification",
                context => CallAsync(api, apiKey, SendTestAsync, context),
                new CommandOptions
                {
                    Description =
                        "A push, a mail and a text message to an invented person, by the API as it stands. The sandbox shows what arrives.",
                    IconName = "Send",
                    UpdateState = WhileRunning,
                }
            );
        }
        return api.WithCommand(
            "replay-dead-letters",
            "Replay dead letters",
            context => CallAsync(api, apiKey, ReplayAsync, context),
            new CommandOptions
            {
                Description = string.Create(
                    CultureInfo.InvariantCulture,
                    $"Gives every open dead letter of the development tenant another try, {ReplayRate} a second."
                ),
                IconName = "ArrowRepeatAll",
                ConfirmationMessage = "Replay every open dead letter of the development tenant?",
                UpdateState = WhileRunning,
            }
        );
    }

    /// <summary><i>Pause</i> and <i>Resume</i> on a channel's worker. While it is paused its deliveries wait, and nothing is
    /// lost.</summary>
    public static IResourceBuilder<ProjectResource> WithPause(this IResourceBuilder<ProjectResource> worker) =>
        worker
            .WithCommand(
                "pause",
                "Pause the channel",
                context => ForwardAsync(worker, KnownResourceCommands.StopCommand, context),
                new CommandOptions
                {
                    Description =
                        "Finishes the calls in hand and stops sending. What is accepted meanwhile waits, and is sent after Resume.",
                    IconName = "Pause",
                    UpdateState = WhileRunning,
                }
            )
            .WithCommand(
                "resume",
                "Resume the channel",
                context => ForwardAsync(worker, KnownResourceCommands.StartCommand, context),
                new CommandOptions
                {
                    Description = "Starts sending again.",
                    IconName = "Play",
                    UpdateState = context =>
                        KnownResourceStates.TerminalStates.Contains(context.ResourceSnapshot.State?.Text)
                            ? ResourceCommandState.Enabled
                            : ResourceCommandState.Hidden,
                }
            );

    private static ResourceCommandState WhileRunning(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    private static Task<ExecuteCommandResult> ForwardAsync(
        IResourceBuilder<ProjectResource> worker,
        string command,
        ExecuteCommandContext context
    ) =>
        context
            .Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(worker.Resource, command, context.CancellationToken);

    private static async Task<ExecuteCommandResult> CallAsync(
        IResourceBuilder<ProjectResource> api,
        string apiKey,
        Func<HttpClient, CancellationToken, Task> work,
        ExecuteCommandContext context
    )
    {
        using var client = new HttpClient { BaseAddress = new Uri(api.GetEndpoint("http").Url), Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        try
        {
            await work(client, context.CancellationToken);
            return CommandResults.Success();
        }
        catch (HttpRequestException refused)
        {
            return CommandResults.Failure($"The API did not take it: {refused.Message}");
        }
    }

    private static async Task SendTestAsync(HttpClient api, CancellationToken cancellationToken)
    {
        using var answer = await PostAsync(api, "/v1/notifications", Sample, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task ReplayAsync(HttpClient api, CancellationToken cancellationToken)
    {
        var groups = JsonNode.Parse(await api.GetStringAsync(new Uri("/v1/dead-letters/groups", UriKind.Relative), cancellationToken))![
            "groups"
        ]!.AsArray();
        foreach (var group in groups)
        {
            var replay = new JsonObject { ["fingerprint"] = group!["fingerprint"]!.GetValue<string>(), ["ratePerSecond"] = ReplayRate };
            using var answer = await PostAsync(api, "/v1/dead-letters/replays", replay.ToJsonString(), cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient api, string path, string json, CancellationToken cancellationToken) =>
        api.PostAsync(
            new Uri(path, UriKind.Relative),
            new StringContent(json, new MediaTypeHeaderValue("application/json")),
            cancellationToken
        );
}
