using Notify.Core.Channels;

namespace Notify.Sending.Adapters;

/// <summary>
/// What else than the end of a token makes a provider call it dead: with enough of them in a short time it is that, and no token is to
/// blame.
/// </summary>
public enum TokenDoubt
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A wrong setting: another project, app or environment.</summary>
    Setting,

    /// <summary>The change of a project or team, where tokens that are really gone look the same and are common.</summary>
    Project,
}
