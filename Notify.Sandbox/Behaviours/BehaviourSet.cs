using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Behaviours;

/// <summary>
/// The behaviours in force. A message meets the one for its address first; where that has had its turns, the one for the whole provider.
/// Replaced as a whole on change, so senders read without a lock, and pay nothing while there is none.
/// </summary>
internal sealed class BehaviourSet
{
    private readonly Lock _gate = new();
    private volatile Dictionary<(Provider, string?), Behaviour>? _all;

    public IReadOnlyCollection<Behaviour> All => _all is { } all ? all.Values : [];

    /// <summary>A provider-wide hang-up, asked for before anything of the request is read.</summary>
    public bool DropsUnread(Provider provider) =>
        _all is { } all && all.TryGetValue((provider, null), out var behaviour) && behaviour.Settings.Drop == Drop.BeforeRequest && behaviour.TryApply();

    public Behaviour? Find(Provider provider, string? address)
    {
        if (_all is not { } all)
            return null;
        if (address is not null && all.TryGetValue((provider, Fold(address)), out var own) && own.TryApply())
            return own;
        return all.TryGetValue((provider, null), out var wide) && wide.Settings.Drop != Drop.BeforeRequest && wide.TryApply() ? wide : null;
    }

    /// <summary>What applies at this moment of a mail session; to one of these addresses first.</summary>
    public Behaviour? FindSmtp(SmtpStage stage, IReadOnlyList<string> addresses)
    {
        if (_all is not { } all)
            return null;
        foreach (var address in addresses)
        {
            if (all.TryGetValue((Provider.Smtp, Fold(address)), out var own) && own.Settings.At == stage && own.TryApply())
                return own;
        }

        return all.TryGetValue((Provider.Smtp, null), out var wide) && wide.Settings.At == stage && wide.TryApply() ? wide : null;
    }

    public Behaviour Put(BehaviourSettings settings)
    {
        var behaviour = new Behaviour(settings);
        lock (_gate)
            _all = new Dictionary<(Provider, string?), Behaviour>(_all ?? []) { [KeyOf(settings)] = behaviour };
        return behaviour;
    }

    public void Replace(IEnumerable<BehaviourSettings> settings)
    {
        var all = new Dictionary<(Provider, string?), Behaviour>();
        foreach (var one in settings)
            all[KeyOf(one)] = new Behaviour(one);
        lock (_gate)
            _all = all.Count == 0 ? null : all;
    }

    public int Remove(Func<BehaviourSettings, bool> which)
    {
        lock (_gate)
        {
            var left = (_all ?? []).Where(entry => !which(entry.Value.Settings)).ToDictionary();
            var removed = (_all?.Count ?? 0) - left.Count;
            _all = left.Count == 0 ? null : left;
            return removed;
        }
    }

    private static (Provider, string?) KeyOf(BehaviourSettings settings) => (settings.Provider, settings.Address is { } address ? Fold(address) : null);

    private static string Fold(string address) => address.ToUpperInvariant();   // mail addresses are met in any case
}
