using System.Text.Json;
using Google.Apis.Auth.OAuth2;

namespace Notify.Workers.Push.Fcm;

/// <summary>
/// The service account: signs in for access tokens that all sends share until they near their end (cached by Google's library),
/// and once more when FCM says that the current one is no good.
/// </summary>
internal sealed class FcmCredential : IDisposable
{
    private const string Scope = "https://www.googleapis.com/auth/firebase.messaging";

    /// <summary>A token that is refused this soon after it was issued will not get better by another one.</summary>
    private static readonly TimeSpan ShortestTokenLife = TimeSpan.FromMinutes(1);

    private readonly ServiceAccountCredential _account;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private long? _renewedAt;

    public FcmCredential(FcmOptions options, TimeProvider time)
    {
        _time = time;
        Google = Read(options).CreateScoped(Scope).CreateWithHttpClientFactory(new SingleTryHttpClientFactory());
        _account = (ServiceAccountCredential)Google.UnderlyingCredential;
    }

    /// <summary>What the SDK authorizes its calls with.</summary>
    public GoogleCredential Google { get; }

    /// <summary>What keeps these options from giving a credential, without anything of the key in it; null if nothing does.</summary>
    public static string? FindFault(FcmOptions options)
    {
        if (string.IsNullOrEmpty(options.Credentials) && string.IsNullOrEmpty(options.CredentialsFile))
            return "Push:Fcm:Credentials is missing. Set it to a service account key (the JSON text), or Push:Fcm:CredentialsFile to the path of one.";
        if (string.IsNullOrEmpty(options.Credentials) && !File.Exists(options.CredentialsFile))
            return "Push:Fcm:CredentialsFile names a file that is not there. Set it to the path of a service account key (JSON).";
        try
        {
            Read(options);
            return null;
        }
        catch (Exception unusable)
            when (unusable
                    is InvalidOperationException
                        or ArgumentException
                        or FormatException
                        or JsonException
                        or IOException
                        or UnauthorizedAccessException
                        or System.Security.Cryptography.CryptographicException
                        or Newtonsoft.Json.JsonException
            )
        {
            return "Push:Fcm has credentials that are no service account key. Download one from the Firebase console: Project settings, Service accounts.";
        }
    }

    /// <summary>Fetches a new access token in place of a refused one, once for all sends that used it.</summary>
    /// <returns>Whether there is another token now that is worth a try.</returns>
    public async Task<bool> RenewAsync(string? refused, CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (_account.Token?.AccessToken != refused)
                return true;
            if (_renewedAt is { } renewedAt && _time.GetElapsedTime(renewedAt) < ShortestTokenLife)
                return false;

            var renewed = await _account.RequestAccessTokenAsync(cancellationToken);
            _renewedAt = _time.GetTimestamp();
            return renewed;
        }
        finally
        {
            _renewing.Release();
        }
    }

    public void Dispose() => _renewing.Dispose();

    private static GoogleCredential Read(FcmOptions options)
    {
        var json = string.IsNullOrEmpty(options.Credentials) ? File.ReadAllText(options.CredentialsFile!) : options.Credentials;
        return CredentialFactory.FromJson<ServiceAccountCredential>(json).ToGoogleCredential();
    }
}
