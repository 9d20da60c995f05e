using Notify.Core.Channels;

namespace Notify.Workers.Sms.Twilio;

/// <summary>One row of the failure table.</summary>
/// <param name="Kind">The class of the failure.</param>
/// <param name="Detail">For operators, in our own words: Twilio's quote numbers.</param>
/// <param name="ConcernsAddress">It is about this number or its country: other messages go on.</param>
/// <param name="Wait">The wait where the answer names none; null for the delivery's schedule.</param>
internal sealed record TwilioFailure(OutcomeKind Kind, string Detail, TimeSpan? Wait = null, bool ConcernsAddress = false);
