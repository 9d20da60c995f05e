using Notify.Api.Paging;
using Notify.Core.Channels;
using Notify.Core.Data;
using Notify.Core.DeadLetters;
using Notify.Core.Notifications;

namespace Notify.Api.DeadLetters;

/// <summary>What may be asked for, and what is wrong with what was.</summary>
internal static class DeadLetterRules
{
    public const int MaxIds = 1_000;
    public const int MaxRate = 10_000;
    public const int DefaultRate = 100;
    private const int MaxWord = 256;

    public static DeadLetterFilter Filter(DeadLetterQuery query, List<FieldError> errors)
    {
        var filter = new DeadLetterFilter
        {
            Kind = query.Kind,
            Fingerprint = query.Fingerprint,
            Provider = query.Provider,
            Code = query.Code,
            Channel = query.Channel,
            Cause = query.Cause,
            From = PageCursor.Time("from", query.From, errors),
            To = PageCursor.Time("to", query.To, errors),
        };
        Check(filter, "", errors);
        if (query.State is { } state && !DeadLetterStates.All.Contains(state))
            errors.Add(new("state", "unknown", $"One of {string.Join(", ", DeadLetterStates.All)}."));
        return filter;
    }

    public static List<FieldError> Check(ReplayRequest request)
    {
        var errors = new List<FieldError>();
        switch ((request.Ids is not null ? 1 : 0) + (request.Fingerprint is not null ? 1 : 0) + (request.Filter is not null ? 1 : 0))
        {
            case 0:
                errors.Add(new("", "required", "Say which letters: one of ids, fingerprint and filter."));
                break;
            case > 1:
                errors.Add(new("", "ambiguous", "Give only one of ids, fingerprint and filter."));
                break;
        }
        if (request.Ids is { Count: 0 })
            errors.Add(new("ids", "required", "At least one id."));
        if (request.Ids is { Count: > MaxIds })
            errors.Add(new("ids", "too_many", $"At most {MaxIds:N0} ids; take a fingerprint or a filter for more."));
        if (request.Ids is { } ids && ids.Distinct().Count() != ids.Count)
            errors.Add(new("ids", "repeated", "The same id twice."));
        Word("fingerprint", request.Fingerprint, errors);
        if (request.Filter is { } filter && filter.IsEmpty())
            errors.Add(new("filter", "required", "At least one field: an empty filter would replay every letter there is."));
        if (request.Filter is not null)
            Check(request.Filter, "filter.", errors);
        if (request.RatePerSecond is < 1 or > MaxRate)
            errors.Add(new("ratePerSecond", "out_of_range", $"A whole number from 1 to {MaxRate:N0}."));
        return errors;
    }

    private static void Check(DeadLetterFilter filter, string path, List<FieldError> errors)
    {
        if (filter.Kind is { } kind && !DeadLetterKinds.All.Contains(kind))
            errors.Add(new(path + "kind", "unknown", $"One of {string.Join(", ", DeadLetterKinds.All)}."));
        if (filter.Channel is { } channel && !ChannelNames.All.Any(known => known.ToName() == channel))
            errors.Add(new(path + "channel", "unknown", $"One of {string.Join(", ", ChannelNames.All.Select(known => known.ToName()))}."));
        Word(path + "fingerprint", filter.Fingerprint, errors);
        Word(path + "provider", filter.Provider, errors);
        Word(path + "code", filter.Code, errors);
        Word(path + "cause", filter.Cause, errors);
        if (filter.From >= filter.To)
            errors.Add(new(path + "to", "invalid", "It must be later than from."));
    }

    private static void Word(string field, string? text, List<FieldError> errors)
    {
        if (text is not null && !StoredText.IsName(text, MaxWord))
            errors.Add(new(field, "invalid", $"1 to {MaxWord} characters, no control characters."));
    }
}
