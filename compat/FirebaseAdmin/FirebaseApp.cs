using FirebaseAdmin.Messaging;
using Google.Apis.Auth.OAuth2;

namespace FirebaseAdmin;

/// <summary>A named set of credentials and options; the services are obtained with it.</summary>
public sealed class FirebaseApp
{
    private const string DefaultName = "[DEFAULT]";

    private static readonly string[] DefaultScopes =
    [
        "https://www.googleapis.com/auth/firebase",
        "https://www.googleapis.com/auth/userinfo.email",
        "https://www.googleapis.com/auth/identitytoolkit",
        "https://www.googleapis.com/auth/devstorage.full_control",
        "https://www.googleapis.com/auth/cloud-platform",
        "https://www.googleapis.com/auth/datastore",
    ];

    private static readonly Dictionary<string, FirebaseApp> Apps = [];

    private readonly Lock _lock = new();
    private readonly AppOptions _options;
    private FirebaseMessaging _messaging;
    private bool _deleted;

    private FirebaseApp(AppOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(options.Credential);
        ArgumentNullException.ThrowIfNull(options.HttpClientFactory);
        _options = new AppOptions(options);
        if (_options.Credential.IsCreateScopedRequired)
            _options.Credential = _options.Credential.CreateScoped(DefaultScopes);
        Name = name;
    }

    /// <summary>The app created without a name; null if none.</summary>
    public static FirebaseApp DefaultInstance => GetInstance(DefaultName);

    /// <summary>A copy of the app's options.</summary>
    public AppOptions Options => new(_options);

    public string Name { get; }

    /// <summary>The app of that name; null if none.</summary>
    public static FirebaseApp GetInstance(string name)
    {
        ThrowIfNameIsEmpty(name);
        lock (Apps)
            return Apps.GetValueOrDefault(name);
    }

    public static FirebaseApp Create(AppOptions options) => Create(options, DefaultName);

    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public static FirebaseApp Create(AppOptions options, string name)
    {
        ThrowIfNameIsEmpty(name);
        options ??= new AppOptions { Credential = GoogleCredential.GetApplicationDefault() };
        lock (Apps)
        {
            if (Apps.ContainsKey(name))
            {
                throw new ArgumentException(
                    name == DefaultName ? "The default FirebaseApp already exists." : $"FirebaseApp named {name} already exists."
                );
            }

            var app = new FirebaseApp(options, name);
            Apps.Add(name, app);
            return app;
        }
    }

    /// <summary>Ends the app's services and frees its name.</summary>
    public void Delete()
    {
        lock (_lock)
        {
            _deleted = true;
            _messaging?.Close();
            _messaging = null;
        }

        lock (Apps)
            Apps.Remove(Name);
    }

    internal FirebaseMessaging GetOrCreateMessaging(Func<FirebaseMessaging> create)
    {
        lock (_lock)
        {
            if (_deleted)
                throw new InvalidOperationException("Cannot use an app after it has been deleted");
            return _messaging ??= create();
        }
    }

    internal string FindProjectId()
    {
        string[] candidates =
        [
            _options.ProjectId,
            (_options.Credential.UnderlyingCredential as ServiceAccountCredential)?.ProjectId,
            Environment.GetEnvironmentVariable("GOOGLE_CLOUD_PROJECT"),
            Environment.GetEnvironmentVariable("GCLOUD_PROJECT"),
        ];
        return Array.Find(candidates, candidate => !string.IsNullOrEmpty(candidate));
    }

    private static void ThrowIfNameIsEmpty(string name)
    {
        if (string.IsNullOrEmpty(name))
            throw new ArgumentException("App name must not be null or empty");
    }
}
