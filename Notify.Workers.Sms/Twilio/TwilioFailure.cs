using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Providers;

namespace Notify.Workers.Sms.Twilio;

/// <summary>One row of the failure table.</summary>
/// <param name="Kind">The class of the failure.</param>
/// <param name="Detail">For operators, in our own words: Twilio's quote numbers.</param>
/// <param name="Wait">The wait where the answer names none; null for the delivery's schedule.</param>
/// <param name="Scope">What it concerns: other messages go on.</param>
internal sealed record TwilioFailure(OutcomeKind Kind, string Detail, TimeSpan? Wait = null, FaultScope Scope = FaultScope.Account);
