using System.Buffers;
using System.Globalization;
using System.Net;
using Notify.Core.Channels;

namespace Notify.Sending.Http;

/// <summary>Codes taken from an answer, which are stored and shown, so they have to look like codes.</summary>
public static class AnswerCode
{
    private const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
    );

    /// <summary>The code, or null for anything longer than 64 characters or with others than letters, digits, - and _.</summary>
    public static string? Clean(string? code) =>
        code is { Length: > 0 and <= MaxLength } && !code.AsSpan().ContainsAnyExcept(Allowed) ? code : null;

    public static string Of(HttpStatusCode status) => string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)status}");
}
