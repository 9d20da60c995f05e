namespace FirebaseAdmin.Messaging;

/// <summary>A message that FCM did not take, or whose answer was not understood.</summary>
public sealed class FirebaseMessagingException : FirebaseException
{
    internal FirebaseMessagingException(
        ErrorCode code,
        string message,
        MessagingErrorCode? messagingCode = null,
        Exception inner = null,
        HttpResponseMessage response = null
    )
        : base(code, message, inner, response) => MessagingErrorCode = messagingCode;

    /// <summary>FCM's own code; null where the answer holds none that is known.</summary>
    public MessagingErrorCode? MessagingErrorCode { get; }
}
