using System.Globalization;
using Notify.Sandbox.Behaviours;

namespace Notify.Sandbox.Smtp;

/// <summary>The reply that a behaviour asks for.</summary>
internal static class SmtpRefusal
{
    public static (int Reply, string Text) Of(BehaviourSettings settings)
    {
        var code = settings.Code;
        if (settings.Status is { } status)
            return (status, code ?? SmtpReplies.TextOf(status));
        if (
            code!.Length > 4
            && code[3] == ' '
            && int.TryParse(code.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            && given is >= 400 and < 600
        )
            return (given, code[4..]);
        return (code[0] == '4' ? 451 : 550, code);
    }
}
