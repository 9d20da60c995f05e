using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;

namespace FirebaseAdmin;

/// <summary>What a <see cref="FirebaseApp"/> is made of.</summary>
public sealed class AppOptions
{
    public AppOptions() => HttpClientFactory = new HttpClientFactory();

    internal AppOptions(AppOptions other)
    {
        Credential = other.Credential;
        ProjectId = other.ProjectId;
        HttpClientFactory = other.HttpClientFactory;
    }

    /// <summary>Authorizes the calls; required.</summary>
    public GoogleCredential Credential { get; set; }

    /// <summary>The Firebase project; taken from a service account credential where unset.</summary>
    public string ProjectId { get; set; }

    /// <summary>Makes the HTTP clients of the app's services.</summary>
    public HttpClientFactory HttpClientFactory { get; set; }
}
