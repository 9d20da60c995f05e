using FirebaseAdmin.Http;

namespace FirebaseAdmin.Messaging;

/// <summary>Sends messages through FCM's HTTP v1 interface.</summary>
public sealed class FirebaseMessaging
{
    private readonly MessagingClient _client;

    private FirebaseMessaging(FirebaseApp app) => _client = new MessagingClient(app);

    /// <summary>The service of the default app; null if there is none.</summary>
    public static FirebaseMessaging DefaultInstance => FirebaseApp.DefaultInstance is { } app ? GetMessaging(app) : null;

    /// <summary>The service of an app; one and the same for every call.</summary>
    public static FirebaseMessaging GetMessaging(FirebaseApp app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.GetOrCreateMessaging(() => new FirebaseMessaging(app));
    }

    public Task<string> SendAsync(Message message) => SendAsync(message, false, default);

    public Task<string> SendAsync(Message message, CancellationToken cancellationToken) => SendAsync(message, false, cancellationToken);

    public Task<string> SendAsync(Message message, bool dryRun) => SendAsync(message, dryRun, default);

    /// <summary>Sends one message, or only checks it with <paramref name="dryRun"/>, and returns the name FCM gave it.</summary>
    /// <exception cref="FirebaseMessagingException">FCM refused it, or could not be reached.</exception>
    public async Task<string> SendAsync(Message message, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return await _client.SendAsync(message.CopyAndValidate(), dryRun, cancellationToken).ConfigureAwait(false);
    }

    internal void Close() => _client.Dispose();
}
