using System.Text;
using System.Text.Json;
using CsCheck;
using Notify.Core.Channels;
using Notify.Core.Decisions;
using Notify.Core.Notifications;
using Notify.Core.Preferences;
using Notify.Core.Suppressions;
using Notify.Core.Time;

namespace Notify.Tests.Core.Decisions;

/// <summary>
/// What a row keeps of its decision is what a simulation of the same facts says, after whatever was written about the person and in
/// whatever form it was read: the Router reads preferences as they are kept, the API as they are sent.
/// </summary>
public sealed class ExplainSimulateTests
{
    private static readonly string[] s_zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"];
    private static readonly string[] s_categories = ["news", "orders.shipping", "login"];
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>One write: a merge patch (RFC 7396) of preferences.</summary>
    private static Gen<string> Write { get; } =
        Gen.OneOf(
            Gen.Bool.Select(yes => "{\"marketing\":" + Word(yes) + "}"),
            Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], (channel, word) =>
                "{\"channels\":{\"" + ChannelAt(channel) + "\":" + WordOrNull(word) + "}}"
            ),
            Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], (category, word) =>
                "{\"categories\":{\"" + s_categories[category] + "\":" + WordOrNull(word) + "}}"
            ),
            Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Bool, (category, channel, yes) =>
                "{\"categories\":{\"" + s_categories[category] + "\":{\"channels\":{\"" + ChannelAt(channel) + "\":" + Word(yes) + "}}}}"
            ),
            Gen.Select(Gen.Int[0, 23], Gen.Int[1, 22], Gen.Int[0, 4], Gen.Bool, (from, hours, zone, isAllowed) =>
                "{\"quietHours\":{\"zone\":"
                + (zone == 4 ? "null" : $"\"{s_zones[zone]}\"")
                + (isAllowed ? ",\"windows\":null,\"deliverBetween\":" : ",\"deliverBetween\":null,\"windows\":")
                + $"[{{\"from\":\"{from:00}:00\",\"to\":\"{(from + hours) % 24:00}:30\"}}]}}}}"
            ),
            Gen.Int[0, 400].Select(hours => $$"""{"mutedUntil":"{{s_start.AddHours(hours):yyyy-MM-ddTHH:mm:ssZ}}"}"""),
            Gen.Const("""{"quietHours":null}"""),
            Gen.Const("""{"mutedUntil":null,"channels":null}""")
        );

    private static Gen<Category?> CategoryOf { get; } =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Bool, Gen.Bool, (mode, type, ignores, enabled) => mode == 3
                ? null
                : new Category
                {
                    Id = "",
                    Title = new Dictionary<string, string> { ["en"] = "T" },
                    Mode = (CategoryMode)mode,
                    Type = NotificationTypes.All[type],
                    QuietHours = ignores ? QuietHoursRule.Ignore : QuietHoursRule.Hold,
                    IsEnabled = enabled,
                });

    private static Gen<Snapshot> Facts { get; } =
        Gen.Select(
            Gen.Select(Gen.Int[0, 24 * 40], Gen.Int[-1, 72], (hours, lifetime) =>
                (s_start.AddHours(hours), s_start.AddHours(hours + lifetime))
            ),
            Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[-1, 2]),
            CategoryOf,
            Gen.Select(Gen.Int[0, 6], Gen.Int[-1, 3], Gen.Int[-1, 3], Gen.Int[-1, 3]),
            Gen.Select(Gen.Int[0, 9], Gen.Int[0, 9], Gen.Guid),
            (times, terms, category, more, odds) =>
            {
                var id = terms.Item4 < 0 ? null : s_categories[terms.Item4];
                return new Snapshot
                {
                    Now = times.Item1,
                    ExpiresAt = times.Item2,
                    IsTenantEnabled = odds.Item1 != 0,
                    DeliveryId = odds.Item3,
                    Channel = (Channel)terms.Item1,
                    Type = NotificationTypes.All[terms.Item2],
                    Priority = Priorities.All[terms.Item3],
                    CategoryId = id,
                    Category = id is null ? null : category,
                    Tenant = new(ZoneAt(more.Item2), ChannelChoices.None.With(Channel.Sms, more.Item1 % 3 == 0), more.Item1 == 1),
                    RecipientZone = ZoneAt(more.Item3),
                    DeviceZone = ZoneAt(more.Item4),
                    Suppressions = more.Item1 switch
                    {
                        2 => [SuppressionScope.Marketing],
                        3 => [SuppressionScope.Category("news")],
                        4 => [SuppressionScope.All],
                        _ => [],
                    },
                    IsRecipientKnown = odds.Item1 != 1,
                    HasAddress = odds.Item1 != 2,
                    MayHaveBeenSent = odds.Item2 == 0,
                    AtMostOnce = odds.Item2 < 2,
                    DuplicateOf = odds.Item2 == 9 ? odds.Item3 : null,
                };
            }
        );

    [Fact]
    public void Explanation_is_what_a_simulation_says() =>
        Gen.Select(Facts, Write.Array[0, 8])
            .Sample(
                (facts, writes) =>
                {
                    if (Written(writes) is not { } sent)
                        return; // a history that ends in something refused, such as quiet hours without an hour
                    var kept = PersonPreferences.FromJson(sent.ToJson());
                    var simulated = new List<GateResult>();
                    var simulation = Gates.Decide(facts with { Person = sent }, simulated);
                    var decided = new List<GateResult>();
                    var decision = Gates.Decide(facts with { Person = kept }, decided);

                    Assert.Equal(simulation, decision);
                    Assert.Equal(simulated, decided);
                    var row = DecisionTrace.Kept(decided);
                    Assert.True(row.Length <= DecisionTrace.MaxBytes);
                    Assert.True(DecisionTrace.TryDecode(row, out var explained));
                    Assert.Equal(Gates.RulesVersion, explained.RulesVersion);
                    // To the millisecond: so much of a wait's end is kept, and so much a row's time has.
                    Assert.Equal(
                        simulated.Where(gate => gate.Verdict != Verdict.Pass).Select(ToMilliseconds),
                        explained.Gates.Select(ToMilliseconds)
                    );
                    Assert.Equal(!decision.IsSend, explained.Gates.Any(gate => gate.Verdict is not (Verdict.Pass or Verdict.Bypass)));
                },
                iter: 10_000
            );

    /// <summary>What the person wants after these writes; null where the last state is refused.</summary>
    private static PersonPreferences? Written(string[] writes)
    {
        var state = "{}"u8.ToArray();
        foreach (var write in writes)
            state = JsonMergePatch.Apply(state, Encoding.UTF8.GetBytes(write));
        var document = JsonSerializer.Deserialize(state, PreferenceJson.Strict.PreferenceDocument)!;
        return PreferenceReader.Read(document).Preferences;
    }

    private static GateResult ToMilliseconds(GateResult gate) =>
        gate.Until is { } until ? gate with { Until = NodaTime.Instant.FromUnixTimeMilliseconds(until.ToUnixTimeMilliseconds()) } : gate;

    private static NodaTime.DateTimeZone? ZoneAt(int index) => index < 0 ? null : Zones.Get(s_zones[index]);

    private static string ChannelAt(int index) => ((Channel)index).ToName();

    private static string Word(bool yes) => yes ? "true" : "false";

    private static string WordOrNull(int word) => word == 2 ? "null" : Word(word == 1);
}
