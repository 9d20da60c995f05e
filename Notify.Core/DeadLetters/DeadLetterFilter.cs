using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.DeadLetters;

/// <summary>Which letters of a tenant: what is left out is not asked for. The one meaning of a filter, for lists and replays
/// alike.</summary>
public sealed record DeadLetterFilter
{
    /// <summary>SQL over <c>dead_letters l</c>; <see cref="Parameters"/> fills it in.</summary>
    public const string Where = """
        l.tenant_id = @tenant
           AND (@kind IS NULL OR l.kind = @kind) AND (@fingerprint IS NULL OR l.fingerprint = @fingerprint)
           AND (@provider IS NULL OR l.provider = @provider) AND (@code IS NULL OR l.code = @code)
           AND (@channel IS NULL OR l.channel = @channel) AND (@cause IS NULL OR l.cause = @cause)
           AND (@from IS NULL OR l.created_at >= @from) AND (@to IS NULL OR l.created_at < @to)
        """;

    /// <summary><c>record</c> or <c>delivery</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>A group.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The provider that was asked last.</summary>
    public string? Provider { get; init; }

    /// <summary>The provider's last code.</summary>
    public string? Code { get; init; }

    /// <summary>push, email or sms.</summary>
    public string? Channel { get; init; }

    /// <summary>Our word for why.</summary>
    public string? Cause { get; init; }

    /// <summary>Letters of this moment and later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Letters before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether it asks for nothing, which is everything.</summary>
    public bool IsEmpty() => this == new DeadLetterFilter();

    public IEnumerable<NpgsqlParameter> Parameters(string tenant) =>
        [
            new("tenant", tenant),
            Text("kind", Kind),
            Text("fingerprint", Fingerprint),
            Text("provider", Provider),
            Text("code", Code),
            Text("channel", Channel),
            Text("cause", Cause),
            Time("from", From),
            Time("to", To),
        ];

    private static NpgsqlParameter Text(string name, string? value) =>
        new(name, NpgsqlDbType.Text) { Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Time(string name, DateTimeOffset? value) =>
        new(name, NpgsqlDbType.TimestampTz) { Value = (object?)value?.ToUniversalTime() ?? DBNull.Value };
}
