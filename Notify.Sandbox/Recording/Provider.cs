namespace Notify.Sandbox.Recording;

/// <summary>Whom the sandbox stands in for. Wire names are those of <see cref="ProviderNames"/>.</summary>
internal enum Provider
{
    Fcm,
    Apns,
    Smtp,
    Twilio,
    SendGrid,

    /// <summary>An SMS gateway of no particular make.</summary>
    Gateway,

    /// <summary>Google's token endpoint; accepts no messages.</summary>
    Token,
}
