namespace Notify.Core.Deliveries;

/// <summary>Why a delivery is in its state, in stable words.</summary>
public static class DeliveryReasons
{
    public const string UnknownRecipient = "unknown_recipient";
    public const string NoAddress = "no_address";
    public const string Duplicate = "duplicate";
    public const string TenantDisabled = "tenant_disabled";
    public const string CategoryDisabled = "category_disabled";

    /// <summary>The notification names a category that does not exist, and its tenant wants none but its own.</summary>
    public const string UnknownCategory = "unknown_category";

    /// <summary>The address is not to be written to.</summary>
    public const string Suppressed = "suppressed";

    /// <summary>The person refuses all marketing.</summary>
    public const string MarketingRefused = "marketing_refused";

    /// <summary>The person, or who speaks for those who have said nothing, does not want it on this channel.</summary>
    public const string Preference = "preference";

    /// <summary>The person wants nothing before a moment.</summary>
    public const string Muted = "muted";

    /// <summary>The person is not to be disturbed at this time of day.</summary>
    public const string QuietHours = "quiet_hours";

    /// <summary>The person's preferences, or what is suppressed of their address, changed: it is decided again.</summary>
    public const string Consent = "consent";
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

    /// <summary>No provider that carries it may be called: a breaker is open, or it said wait.</summary>
    public const string ProviderPaused = "provider_paused";

    /// <summary>The provider is in trouble and has had its share of retries.</summary>
    public const string RetryBudget = "retry_budget";

    /// <summary>The device has had what its provider allows it in this time.</summary>
    public const string AddressLimit = "address_limit";

    /// <summary>The tenant has its share of the lane in Kafka; the rest waits for its turn.</summary>
    public const string Share = "share";

    /// <summary>Its record was lost between the Router and the workers: produced again.</summary>
    public const string Reconciled = "reconciled";

    /// <summary>The worker could not read its record: one of a newer version, or one that breaks the rendering.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>An operator asked for it again.</summary>
    public const string Replay = "replay";

    /// <summary>Its record would be larger than Kafka takes.</summary>
    public const string TooLarge = "too_large";
    public const string LeaseExpired = "lease_expired";
}
