namespace FirebaseAdmin.Messaging;

/// <summary>Error codes of FCM itself.</summary>
public enum MessagingErrorCode
{
    ThirdPartyAuthError,
    InvalidArgument,
    Internal,
    QuotaExceeded,
    SenderIdMismatch,
    Unavailable,
    Unregistered,
}
