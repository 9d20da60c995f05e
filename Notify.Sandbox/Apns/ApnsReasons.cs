namespace Notify.Sandbox.Apns;

/// <summary>APNs's reasons and their status.</summary>
internal static class ApnsReasons
{
    public const string MissingProviderToken = "MissingProviderToken";
    public const string InvalidProviderToken = "InvalidProviderToken";
    public const string ExpiredProviderToken = "ExpiredProviderToken";

    public static int StatusOf(string reason) =>
        reason switch
        {
            "BadCertificate"
            or "BadCertificateEnvironment"
            or ExpiredProviderToken
            or "Forbidden"
            or InvalidProviderToken
            or MissingProviderToken
            or "UnrelatedKeyIdInToken"
            or "BadEnvironmentKeyIdInToken"
            or "BadEnvironmentKeyInToken" => 403,
            "BadPath" => 404,
            "MethodNotAllowed" => 405,
            "Unregistered" or "ExpiredToken" => 410,
            "PayloadTooLarge" => 413,
            "TooManyRequests" or "TooManyProviderTokenUpdates" => 429,
            "InternalServerError" => 500,
            "ServiceUnavailable" or "Shutdown" => 503,
            _ => 400,
        };

    /// <summary>What APNs says with a status where nothing more is known.</summary>
    public static string ReasonOf(int status) =>
        status switch
        {
            403 => "Forbidden",
            404 => "BadPath",
            405 => "MethodNotAllowed",
            410 => "Unregistered",
            413 => "PayloadTooLarge",
            429 => "TooManyRequests",
            500 => "InternalServerError",
            503 => "ServiceUnavailable",
            _ => "BadDeviceToken",
        };
}
