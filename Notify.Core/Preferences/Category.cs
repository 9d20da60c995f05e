using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Preferences;

/// <summary>The body of <c>PUT /v1/categories/{id}</c>: the whole category; what is left out has its default.</summary>
public sealed class CategoryRequest
{
    /// <summary>What people read in their preferences, by language tag: 1 to 50 of them, each of 1 to 100 characters.</summary>
    public IReadOnlyDictionary<string, string?>? Title { get; init; }

    /// <summary>transactional (default), marketing or alert.</summary>
    public string? Type { get; init; }

    /// <summary>optional (default), required or opt_in.</summary>
    public string? Mode { get; init; }

    /// <summary>Where messages go that name no channel; every channel that the recipient has an address for when left out.</summary>
    public IReadOnlyList<string?>? Channels { get; init; }

    /// <summary>hold (default) or ignore.</summary>
    public string? QuietHours { get; init; }

    /// <summary>at_least_once (default) or at_most_once.</summary>
    public string? Guarantee { get; init; }

    /// <summary>Seconds after which an undelivered message expires, where its request does not say: 1 to 2,419,200.</summary>
    public long? Ttl { get; init; }

    /// <summary>false: nothing of the category is sent. true when left out.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>What a tenant calls a kind of message, and what people consent to. <see cref="CategoryReader"/> makes one.</summary>
public sealed record Category
{
    /// <summary>1 to 64 of a-z, 0-9, dot, underscore and hyphen, such as <c>orders.shipping</c>.</summary>
    public required string Id { get; init; }

    /// <summary>By language tag; at least one.</summary>
    public required IReadOnlyDictionary<string, string> Title { get; init; }

    /// <summary>One of <see cref="NotificationTypes"/>.</summary>
    public string Type { get; init; } = NotificationTypes.Transactional;

    public CategoryMode Mode { get; init; }

    /// <summary>In the order of <see cref="ChannelNames.All"/>; null for every channel that the recipient has an address for.</summary>
    public IReadOnlyList<Channel>? Channels { get; init; }

    public QuietHoursRule QuietHours { get; init; }

    public Guarantee Guarantee { get; init; }

    /// <summary>Null where the platform's default holds.</summary>
    public TimeSpan? TimeToLive { get; init; }

    public bool IsEnabled { get; init; } = true;

    /// <summary>As it is answered: every term with its value, languages in order.</summary>
    public CategoryRequest ToDocument() =>
        new()
        {
            Title = new OrderedDictionary<string, string?>(
                Title
                    .OrderBy(title => title.Key, StringComparer.Ordinal)
                    .Select(title => KeyValuePair.Create(title.Key, (string?)title.Value))
            ),
            Type = Type,
            Mode = Mode.ToName(),
            Channels = Channels is null ? null : [.. Channels.Select(channel => channel.ToName())],
            QuietHours = QuietHours.ToName(),
            Guarantee = Guarantee.ToName(),
            Ttl = (long?)TimeToLive?.TotalSeconds,
            Enabled = IsEnabled,
        };
}
