using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Notify.Sandbox;

/// <summary>Settings of the sandbox, section <c>Sandbox</c>.</summary>
public sealed class SandboxOptions
{
    public const string SectionName = "Sandbox";

    /// <summary>Port of cleartext HTTP/2 (APNs, and FCM over HTTP/2); 0 lets the system choose one.</summary>
    [Range(0, 65535)]
    public int Http2Port { get; set; }

    /// <summary>Port of the mail server; 0 lets the system choose one.</summary>
    [Range(0, 65535)]
    public int SmtpPort { get; set; }

    /// <summary>
    /// Path of a file with the behaviours in force from the start, in the form of <c>PUT /sandbox/behaviours</c>: a JSON array. Null for
    /// none.
    /// </summary>
    public string? Script { get; set; }

    /// <summary>How many messages are kept to look at. Older ones go; the counters stay exact.</summary>
    [Range(1, 10_000_000)]
    public int Keep { get; set; } = 20_000;

    /// <summary>How many bytes of messages are kept at most; older ones go before <see cref="Keep"/> is reached.</summary>
    [Range(1_048_576, 17_179_869_184)]
    public long KeepBytes { get; set; } = 268_435_456;

    /// <summary>Whether acceptances are counted per delivery id, about 40 bytes for each id.</summary>
    public bool CountIds { get; set; } = true;

    /// <summary>How many delivery ids are counted at most; those that come later are only totalled.</summary>
    [Range(1, 50_000_000)]
    public int MaxIds { get; set; } = 4_000_000;
}

[OptionsValidator]
internal sealed partial class SandboxOptionsValidator : IValidateOptions<SandboxOptions>;
