using System.Text;
using FirebaseAdmin.Messaging;
using Google.Apis.Http;
using Google.Apis.Json;
using Newtonsoft.Json;

namespace FirebaseAdmin.Http;

/// <summary>The HTTP side of sending: one POST per message over a client of the app's factory, authorized by its credential.</summary>
internal sealed class MessagingClient : IDisposable
{
    private const string Version = "3.5.0";

    private readonly ConfigurableHttpClient _http;
    private readonly Uri _address;

    public MessagingClient(FirebaseApp app)
    {
        var project = app.FindProjectId();
        if (string.IsNullOrEmpty(project))
        {
            throw new ArgumentException(
                "Project ID is required to send messages: use a service account credential, set AppOptions.ProjectId, "
                    + "or set the environment variable GOOGLE_CLOUD_PROJECT."
            );
        }

        var options = app.Options;
        var arguments = new CreateHttpClientArgs();
        arguments.Initializers.Add(options.Credential);
        arguments.Initializers.Add(new RetryInitializer());
        _http = options.HttpClientFactory.CreateHttpClient(arguments);
        _address = new Uri($"https://fcm.googleapis.com/v1/projects/{project}/messages:send");
    }

    public async Task<string> SendAsync(Message message, bool dryRun, CancellationToken cancellationToken)
    {
        var json = NewtonsoftJsonSerializer.Instance.Serialize(new SendRequest { Message = message, ValidateOnly = dryRun });
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Firebase-Client", $"fire-admin-dotnet/{Version}");
        request.Headers.Add("X-GOOG-API-FORMAT-VERSION", "2");
        request.Headers.Add("X-Goog-Api-Client", $"gl-dotnet/{Environment.Version} fire-admin/{Version}");

        HttpResponseMessage response;
        string body;
        try
        {
            response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException fault)
        {
            throw MessagingErrors.FromFault(fault);
        }

        return response.IsSuccessStatusCode ? Read(response, body).Name : throw MessagingErrors.FromAnswer(response, body);
    }

    public void Dispose() => _http.Dispose();

    private static SendAnswer Read(HttpResponseMessage response, string body)
    {
        try
        {
            return NewtonsoftJsonSerializer.Instance.Deserialize<SendAnswer>(body);
        }
        catch (Exception unreadable)
        {
            throw new FirebaseMessagingException(
                ErrorCode.Unknown,
                $"Error parsing response from FCM. {unreadable.Message}: {body}",
                inner: unreadable,
                response: response
            );
        }
    }

    private sealed class SendRequest
    {
        [JsonProperty("message")]
        public Message Message { get; init; }

        [JsonProperty("validate_only")]
        public bool ValidateOnly { get; init; }
    }

    private sealed class SendAnswer
    {
        [JsonProperty("name")]
        public string Name { get; init; }
    }
}
