namespace Notify.Workers.Router.Replays;

/// <summary>Why a letter that a replay reached was left, in stable words.</summary>
internal static class SkipReasons
{
    /// <summary>Another replay was first.</summary>
    public const string AlreadyReplayed = "already_replayed";

    /// <summary>A provider may have taken it.</summary>
    public const string Ambiguous = "ambiguous";

    /// <summary>Its delivery is not dead, or its day was removed.</summary>
    public const string NotDead = "not_dead";

    /// <summary>This version cannot read it: another wrote it, or something of it is missing.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Kafka refuses the record for good: too large, or its topic is gone.</summary>
    public const string NotProduced = "not_produced";
}
