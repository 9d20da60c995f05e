using System.Globalization;
using System.Text.Json;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Behaviours;

/// <summary>Reads a behaviour from JSON and says for each wrong field what is wrong with it.</summary>
internal sealed class BehaviourReader(string prefix = "")
{
    private const int MaxLatencyMs = 600_000;
    private const string UnknownField =
        "is not known; fields are provider, address, latencyMs, status, code, body, retryAfter, drop, at, probability, times";

    private const int MaxBody = 65_536;

    public Dictionary<string, string[]> Errors { get; } = [];

    /// <param name="json">The object.</param>
    /// <param name="provider">From the path; null where the object has to name it.</param>
    /// <param name="address">From the query, for one behaviour under a provider.</param>
    public BehaviourSettings? Read(JsonElement json, Provider? provider = null, string? address = null)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return Fail("body", "must be a JSON object such as {\"provider\":\"fcm\",\"status\":503}");
        if (provider is null && json.TryGetProperty("provider", out var named))
            provider = named.ValueKind == JsonValueKind.String ? ProviderNames.Parse(named.GetString()) : null;
        if (provider is null)
            return Fail("provider", "must be one of fcm, apns, twilio, gateway, smtp, sendgrid, token");

        var settings = new BehaviourSettings(provider.Value) { Address = address };
        SmtpStage? at = null;
        foreach (var field in json.EnumerateObject())
        {
            var value = field.Value;
            if (value.ValueKind == JsonValueKind.Null)
                continue;
            switch (field.Name)
            {
                case "provider" when value.ValueKind == JsonValueKind.String && ProviderNames.Parse(value.GetString()) == provider:
                    break;
                case "provider":
                    Fail(field.Name, "differs from the provider in the path");
                    break;
                case "address" when address is null:
                    settings = settings with { Address = Text(field) };
                    break;
                case "address":
                    Fail(field.Name, "is given in the query already");
                    break;
                case "latencyMs":
                    settings = settings with { LatencyMs = (int)Number(field, 0, MaxLatencyMs) };
                    break;
                case "status":
                    settings = settings with { Status = (int)Number(field, provider == Provider.Smtp ? 400 : 300, 599) };
                    break;
                case "code":
                    settings = settings with { Code = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(field) };
                    break;
                case "body":
                    settings = settings with { Body = Verbatim(value) };
                    break;
                case "retryAfter":
                    settings = settings with { RetryAfter = RetryAfter(field) };
                    break;
                case "drop":
                    settings = settings with { Drop = Name<Drop>(field) ?? Drop.None };
                    break;
                case "at":
                    at = Name<SmtpStage>(field);
                    break;
                case "probability":
                    settings = settings with { Probability = Fraction(field) };
                    break;
                case "times":
                    settings = settings with { Times = (long)Number(field, 1, long.MaxValue) };
                    break;
                default:
                    Fail(field.Name, UnknownField);
                    break;
            }
        }

        settings = settings with { At = at ?? (settings.Refuses ? SmtpStage.Rcpt : SmtpStage.Dot) };
        CheckTogether(settings, at is not null);
        return Errors.Count == 0 ? settings : null;
    }

    /// <summary>A script, or the first of it that is wrong.</summary>
    public static (IReadOnlyList<BehaviourSettings>? Script, Dictionary<string, string[]> Errors) ReadAll(JsonElement array)
    {
        var settings = new List<BehaviourSettings>();
        foreach (var (index, element) in array.EnumerateArray().Index())
        {
            var reader = new BehaviourReader($"[{index}].");
            if (reader.Read(element) is not { } one)
                return (null, reader.Errors);
            settings.Add(one);
        }

        return (settings, []);
    }

    private void CheckTogether(BehaviourSettings settings, bool stageGiven)
    {
        if (settings.Address is not null && settings.Provider == Provider.Token)
            Fail("address", "does not apply to the token endpoint, which knows no addresses");
        if (settings.Drop != Drop.None && settings.Refuses)
            Fail("drop", "cannot be combined with status or code: there is either an answer or none");
        if (settings.Body is not null && (settings.Status is null || settings.Provider is Provider.Smtp or Provider.Token))
            Fail("body", "needs a status of fcm, apns, twilio, gateway or sendgrid");
        if (settings.Body is { Length: > MaxBody })
            Fail("body", "must be at most 64 KB");
        if (settings.RetryAfter is not null && (!settings.Refuses || settings.Provider == Provider.Smtp))
            Fail("retryAfter", "needs a status or code of an HTTP provider");
        if (stageGiven && settings.Provider != Provider.Smtp)
            Fail("at", "applies to smtp only");
        if (
            settings.Address is not null
            && settings.Provider == Provider.Smtp
            && settings.At is not (SmtpStage.Rcpt or SmtpStage.Data or SmtpStage.Dot)
        )
            Fail("at", "must be rcpt, data or dot where an address is given: it is not known before");
        if (!settings.Refuses && settings.Drop == Drop.None && settings.LatencyMs == 0)
            Fail("status", "or code, drop or latencyMs must be given: this behaviour does nothing");
        if (
            settings.Provider == Provider.Twilio
            && settings.Code is { } code
            && !int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        )
            Fail("code", "must be a number such as 21610 for twilio");
        if (settings.Code is { } text && (text.Length > 200 || text.AsSpan().ContainsAnyInRange('\0', '\x1f')))
            Fail("code", "must be at most 200 characters without control characters");
    }

    private static string? Verbatim(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();

    private string? Text(JsonProperty field)
    {
        if (field.Value.ValueKind == JsonValueKind.String && field.Value.GetString() is { Length: > 0 } text)
            return text;
        Fail(field.Name, "must be a string that is not empty");
        return null;
    }

    private double Number(JsonProperty field, double least, double most)
    {
        if (field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetInt64(out var number) && number >= least && number <= most)
            return number;
        Fail(field.Name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most:0}"));
        return least;
    }

    private double Fraction(JsonProperty field)
    {
        if (field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetDouble(out var number) && number is >= 0 and <= 1)
            return number;
        Fail(field.Name, "must be a number from 0 to 1");
        return 1;
    }

    private string? RetryAfter(JsonProperty field)
    {
        if (field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetInt32(out var seconds) && seconds >= 0)
            return seconds.ToString(CultureInfo.InvariantCulture);
        if (field.Value.ValueKind == JsonValueKind.String)
        {
            var text = field.Value.GetString();
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                return text;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
                return date.ToUniversalTime().ToString("R", CultureInfo.InvariantCulture);
        }

        Fail(field.Name, "must be seconds or a date");
        return null;
    }

    private T? Name<T>(JsonProperty field)
        where T : struct, Enum
    {
        if (field.Value.ValueKind == JsonValueKind.String)
        {
            foreach (var value in Enum.GetValues<T>())
            {
                if (JsonNamingPolicy.CamelCase.ConvertName(value.ToString()) == field.Value.GetString())
                    return value;
            }
        }

        Fail(field.Name, "must be one of " + string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)));
        return null;
    }

    private BehaviourSettings? Fail(string field, string message)
    {
        Errors.TryAdd(prefix + field, [message]);
        return null;
    }
}
