namespace Notify.Sandbox.Mail;

/// <summary>A media type with its parameters; also reads Content-Disposition, which has the same shape.</summary>
internal sealed record ContentType(string Type, IReadOnlyDictionary<string, string> Parameters)
{
    public string? this[string parameter] => Parameters.GetValueOrDefault(parameter);

    public static ContentType Parse(string? value)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var rest = (value ?? "text/plain").AsSpan();
        var type = Take(ref rest).Trim().ToString().ToLowerInvariant();
        while (!rest.IsEmpty)
        {
            var field = Take(ref rest);
            var equals = field.IndexOf('=');
            if (equals > 0)
                parameters[field[..equals].Trim().ToString()] = field[(equals + 1)..]
                    .Trim()
                    .Trim('"')
                    .ToString()
                    .Replace("\\\"", "\"", StringComparison.Ordinal);
        }

        return new ContentType(type, parameters);
    }

    /// <summary>Up to the next semicolon outside quotes.</summary>
    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> rest)
    {
        var quoted = false;
        for (var i = 0; i < rest.Length; i++)
        {
            if (rest[i] == '"' && (i == 0 || rest[i - 1] != '\\'))
                quoted = !quoted;
            if (rest[i] != ';' || quoted)
                continue;
            var field = rest[..i];
            rest = rest[(i + 1)..];
            return field;
        }

        var last = rest;
        rest = default;
        return last;
    }
}
