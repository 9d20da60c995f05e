using Notify.Core.Channels;

namespace Notify.Sending.Adapters;

/// <summary>One scope that can rest by itself, such as one country.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Name">As it is stored and shown: <c>country:+49</c>.</param>
public readonly record struct NamedScope(FaultScope Kind, string Name)
{
    public override string ToString() => Name;
}
