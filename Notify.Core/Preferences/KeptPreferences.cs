using System.Text.Json;
using NodaTime.Text;
using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Preferences;

/// <summary>
/// Reads what <see cref="PersonPreferences.ToJson"/> wrote. It goes through the bytes once, without the document between, because the
/// Router does this for every recipient. What it does not know (a newer version's member, channel or word) it passes over.
/// </summary>
internal static class KeptPreferences
{
    /// <exception cref="JsonException">Not JSON of this form.</exception>
    /// <exception cref="InvalidDataException">The quiet hours or the time break a rule.</exception>
    public static PersonPreferences Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        bool? marketing = null;
        var channels = ChannelChoices.None;
        var categories = new Dictionary<string, CategoryChoice>(StringComparer.Ordinal);
        PersonQuietHours? quiet = null;
        NodaTime.Instant? muted = null;
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("marketing"u8))
                marketing = Word(ref reader);
            else if (reader.ValueTextEquals("channels"u8))
                channels = Channels(ref reader);
            else if (reader.ValueTextEquals("categories"u8))
                Categories(ref reader, categories);
            else if (reader.ValueTextEquals("quietHours"u8))
                quiet = QuietHours(ref reader);
            else if (reader.ValueTextEquals("mutedUntil"u8))
                muted = Moment(ref reader);
            else
                reader.Skip();
        }
        return new()
        {
            Marketing = marketing,
            Channels = channels,
            Categories = categories,
            QuietHours = quiet,
            MutedUntil = muted,
        };
    }

    private static void Categories(ref Utf8JsonReader reader, Dictionary<string, CategoryChoice> categories)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var id = reader.GetString()!;
            bool? enabled = null;
            var channels = ChannelChoices.None;
            Expect(ref reader, JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("enabled"u8))
                    enabled = Word(ref reader);
                else if (reader.ValueTextEquals("channels"u8))
                    channels = Channels(ref reader);
                else
                    reader.Skip();
            }
            if (enabled is not null || !channels.IsNone)
                categories[id] = new(enabled, channels);
        }
    }

    private static ChannelChoices Channels(ref Utf8JsonReader reader)
    {
        var choices = ChannelChoices.None;
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Channel? known = null;
            foreach (var channel in ChannelNames.All)
            {
                if (reader.ValueTextEquals(channel.ToName()))
                    known = channel;
            }
            var choice = Word(ref reader);
            if (known is { } named)
                choices = choices.With(named, choice);
        }
        return choices;
    }

    private static PersonQuietHours? QuietHours(ref Utf8JsonReader reader)
    {
        var errors = new List<FieldError>();
        var document = JsonSerializer.Deserialize(ref reader, PreferenceJson.Kept.QuietHoursPreference);
        var quiet = QuietHoursReader.Read(document, "quietHours", errors);
        return errors.Count == 0 ? quiet : throw new InvalidDataException($"Kept quiet hours break a rule: {errors[0].Rule}.");
    }

    private static NodaTime.Instant Moment(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.String);
        var parsed = InstantPattern.ExtendedIso.Parse(reader.GetString()!);
        return parsed.Success ? parsed.Value : throw new InvalidDataException("A kept time is none.");
    }

    private static bool Word(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? reader.TokenType == JsonTokenType.True
            : throw new JsonException("Expected true or false.");
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw new JsonException($"Expected {type}.");
    }
}
