namespace Notify.Core.Deliveries;

/// <summary>Why a delivery is in its state, in stable words.</summary>
public static class DeliveryReasons
{
    public const string UnknownRecipient = "unknown_recipient";
    public const string NoAddress = "no_address";
    public const string Duplicate = "duplicate";
    public const string TenantDisabled = "tenant_disabled";
    public const string NoProvider = "no_provider";
    public const string Retry = "retry";
    public const string Throttled = "throttled";
    public const string Misconfigured = "misconfigured";
    public const string Refused = "refused";
    public const string DeadAddress = "dead_address";
    public const string OptedOut = "opted_out";
    public const string Cancelled = "cancelled";
    public const string Expired = "expired";
    public const string AttemptsExhausted = "attempts_exhausted";
    public const string AnswerLost = "answer_lost";
    public const string Replay = "replay";
    public const string LeaseExpired = "lease_expired";
}
