using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Behaviours;

/// <summary>
/// The behaviours in force. A message meets those for its address first, one after the other as each has had its turns, and then those for
/// the whole provider: a list of them is a script.
/// Replaced as a whole on change, so senders read without a lock, and pay nothing while there is none.
/// </summary>
internal sealed class BehaviourSet
{
    private readonly Lock _gate = new();
    private volatile Dictionary<(Provider, string?), Behaviour[]>? _all;

    public IReadOnlyCollection<Behaviour> All => _all is { } all ? [.. all.Values.SelectMany(script => script)] : [];

    /// <summary>A provider-wide hang-up, asked for before anything of the request is read.</summary>
    public bool DropsUnread(Provider provider) =>
        _all is { } all
        && all.TryGetValue((provider, null), out var script)
        && Array.Exists(script, behaviour => behaviour.Settings.Drop == Drop.BeforeRequest && behaviour.TryApply());

    public Behaviour? Find(Provider provider, string? address)
    {
        if (_all is not { } all)
            return null;
        if (
            address is not null
            && all.TryGetValue((provider, Fold(address)), out var own)
            && Array.Find(own, behaviour => behaviour.TryApply()) is { } first
        )
            return first;
        return all.TryGetValue((provider, null), out var wide)
            ? Array.Find(wide, behaviour => behaviour.Settings.Drop != Drop.BeforeRequest && behaviour.TryApply())
            : null;
    }

    /// <summary>What applies at this moment of a mail session; to one of these addresses first.</summary>
    public Behaviour? FindSmtp(SmtpStage stage, IReadOnlyList<string> addresses)
    {
        if (_all is not { } all)
            return null;
        foreach (var address in addresses)
        {
            if (all.TryGetValue((Provider.Smtp, Fold(address)), out var own) && Array.Find(own, Applies) is { } first)
                return first;
        }

        return all.TryGetValue((Provider.Smtp, null), out var wide) ? Array.Find(wide, Applies) : null;

        bool Applies(Behaviour behaviour) => behaviour.Settings.At == stage && behaviour.TryApply();
    }

    public Behaviour Put(BehaviourSettings settings)
    {
        var behaviour = new Behaviour(settings);
        lock (_gate)
            _all = new Dictionary<(Provider, string?), Behaviour[]>(_all ?? []) { [KeyOf(settings)] = [behaviour] };
        return behaviour;
    }

    public void Replace(IEnumerable<BehaviourSettings> settings)
    {
        var all = settings.GroupBy(KeyOf).ToDictionary(script => script.Key, script => script.Select(one => new Behaviour(one)).ToArray());
        lock (_gate)
            _all = all.Count == 0 ? null : all;
    }

    public int Remove(Func<BehaviourSettings, bool> which)
    {
        lock (_gate)
        {
            var left = (_all ?? []).Where(entry => !which(entry.Value[0].Settings)).ToDictionary();
            var removed = (_all ?? []).Sum(entry => entry.Value.Length) - left.Sum(entry => entry.Value.Length);
            _all = left.Count == 0 ? null : left;
            return removed;
        }
    }

    private static (Provider, string?) KeyOf(BehaviourSettings settings) =>
        (settings.Provider, settings.Address is { } address ? Fold(address) : null);

    private static string Fold(string address) => address.ToUpperInvariant(); // mail addresses are met in any case
}
