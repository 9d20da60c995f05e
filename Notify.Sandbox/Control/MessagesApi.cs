using System.Globalization;
using Notify.Sandbox.Recording;
using Notify.Sandbox.Twilio;

namespace Notify.Sandbox.Control;

/// <summary>What arrived.</summary>
internal static class MessagesApi
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;
    private const int MaxWord = 200;
    private const int SearchedAtOnce = 500; // of which each is parsed; arrivals go on in between

    public static IEndpointRouteBuilder MapMessages(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/sandbox/messages");
        group.MapGet("/", List);
        group.MapGet("/{seq:long}", (long seq, MessageStore store) =>
            store.Find(seq) is { } message
                ? Results.Json(MessageReader.Full(message), SandboxJson.Readable.MessageView)
                : Results.NotFound()
        );
        group.MapDelete("/", (MessageStore store, StatusCallbacks callbacks) =>
        {
            store.Clear();
            callbacks.ClearCounts();
            return Results.NoContent();
        });
        return routes;
    }

    private static IResult List(string? channel, string? to, string? after, string? before, string? limit, string? find, MessageStore store)
    {
        var errors = new Dictionary<string, string[]>();
        if (channel is not (null or "" or "push" or "email" or "sms"))
            errors["channel"] = ["must be push, email or sms"];
        if (!TryRead(after, 0, 0, long.MaxValue, out var from))
            errors["after"] = ["must be the seq of a message"];
        if (!TryRead(before, long.MaxValue, 1, long.MaxValue, out var below))
            errors["before"] = ["must be the seq of a message"];
        if (!TryRead(limit, DefaultLimit, 1, MaxLimit, out var most))
            errors["limit"] = ["must be a number from 1 to 1000"];
        if (find?.Length > MaxWord)
            errors["find"] = ["must have at most 200 characters"];
        if (errors.Count > 0)
            return Results.ValidationProblem(errors);

        Func<ArrivedMessage, bool> wanted = message =>
            (string.IsNullOrEmpty(channel) || ProviderNames.ChannelOf(message.Provider) == channel)
            && (string.IsNullOrEmpty(to) || message.IsTo(to));
        var found = string.IsNullOrWhiteSpace(find)
            ? store.List(wanted, from, below, (int)most)
            : Search(store, wanted, find.Trim(), from, below, (int)most);
        return Results.Json([.. found.Select(MessageReader.Summary)], SandboxJson.Readable.MessageViewArray);
    }

    /// <summary>Newest first, over all that is kept.</summary>
    private static List<ArrivedMessage> Search(
        MessageStore store,
        Func<ArrivedMessage, bool> wanted,
        string word,
        long after,
        long before,
        int limit
    )
    {
        var found = new List<ArrivedMessage>();
        while (found.Count < limit && store.List(wanted, after, before, SearchedAtOnce) is { Count: > 0 } some)
        {
            found.AddRange(some.Where(message => MessageSearch.Has(message, word)).Take(limit - found.Count));
            before = some[^1].Seq;
        }
        return found;
    }

    private static bool TryRead(string? text, long ifMissing, long least, long most, out long value)
    {
        value = ifMissing;
        return string.IsNullOrEmpty(text)
            || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);
    }
}
