using System.Text.Json;
using System.Text.Json.Serialization;

namespace Notify.Tests.Workers.Cases;

/// <summary>
/// One file of <c>Notify.Tests/Cases</c>: what a provider answers, one message after another, and what is to come of each.
/// </summary>
internal sealed class ProviderCase
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary><c>smtp</c>, <c>sendgrid</c>, <c>fcm</c>, <c>apns</c>, <c>twilio</c> or <c>gateway</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>What the case is about, in a sentence.</summary>
    public required string About { get; init; }

    /// <summary>Where the answer is documented, or was seen.</summary>
    public string? Source { get; init; }

    /// <summary>Configuration beside what every case has.</summary>
    public Dictionary<string, string?> Settings { get; init; } = [];

    public required IReadOnlyList<CaseSend> Sends { get; init; }

    public static ProviderCase Read(string path) => JsonSerializer.Deserialize<ProviderCase>(File.ReadAllBytes(path), Strict)!;
}

/// <summary>A message, or several alike.</summary>
internal sealed class CaseSend
{
    /// <summary>Address, number or token; <c>{n}</c> in it counts from 1.</summary>
    public string? To { get; init; }

    /// <summary>Of a device.</summary>
    public string? App { get; init; }

    /// <summary>Of a device.</summary>
    public string? Environment { get; init; }

    /// <summary>How many such messages, one after the other.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Time that passes before.</summary>
    public TimeSpan After { get; init; }

    /// <summary>What is said to each, as <see cref="AnswerScript"/> reads it; the provider's usual yes where it is left out.</summary>
    public JsonElement? Answers { get; init; }

    public required CaseExpectation Expect { get; init; }
}

/// <summary>What is to come of a message. What is left out is not looked at.</summary>
internal sealed class CaseExpectation
{
    /// <summary>The class of the answer; left out where the message is not to be sent at all (<see cref="Held"/>).</summary>
    public string? Outcome { get; init; }

    public string? Code { get; init; }

    /// <summary>What alone waits; empty for the whole credential.</summary>
    public string? Scope { get; init; }

    /// <summary>The delivery's state after its first attempt.</summary>
    public string? State { get; init; }

    public string? Reason { get; init; }

    /// <summary>How long it waits.</summary>
    public TimeSpan? Waits { get; init; }

    public bool? DeadLetter { get; init; }

    /// <summary>Requests, or mails begun, that the provider saw for it.</summary>
    public int? Calls { get; init; }

    /// <summary>The message is not sent: the reason with which it waits instead.</summary>
    public string? Held { get; init; }

    /// <summary>How the provider stands afterwards: <c>closed</c>, <c>partial</c>, <c>open</c>, <c>throttled</c>.</summary>
    public string? Provider { get; init; }
}
