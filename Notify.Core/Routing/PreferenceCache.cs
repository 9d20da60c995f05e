using System.Collections.Concurrent;
using System.Text;
using Notify.Core.Preferences;
using Notify.Core.Recipients;

namespace Notify.Core.Routing;

/// <summary>Preferences that have been read once. Nothing in it is ever old: a version of somebody's preferences never changes.</summary>
public sealed class PreferenceCache
{
    private const int MaxEntries = 20_000;
    private readonly ConcurrentDictionary<(string Tenant, string Recipient), (long Version, PersonPreferences Preferences)> _read = new();

    /// <exception cref="InvalidDataException">They are none that this version can read.</exception>
    public PersonPreferences Of(string tenant, Profile profile)
    {
        if (profile.Preferences is not { } kept)
            return PersonPreferences.None;
        var key = (tenant, profile.RecipientId);
        if (_read.TryGetValue(key, out var known) && known.Version == profile.ConsentVersion)
            return known.Preferences;
        var preferences = PersonPreferences.FromJson(Encoding.UTF8.GetBytes(kept));
        if (_read.Count >= MaxEntries)
            _read.Clear(); // rarer and cheaper than keeping an order of use
        _read[key] = (profile.ConsentVersion, preferences);
        return preferences;
    }
}
