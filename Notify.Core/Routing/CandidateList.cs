using System.Text;
using System.Text.Unicode;
using Notify.Core.Channels;
using Notify.Core.Notifications;

namespace Notify.Core.Routing;

/// <summary>
/// The candidates of one notification, each id once. Two recipients with the same address get one message: the address is what a delivery
/// is for. Where there is none it is the recipient, behind what stands in no address.
/// </summary>
internal sealed class CandidateList(string tenant, Guid notificationId, int expected)
{
    private const int Few = 16; // looked through one by one
    private const int UsualMaterial = 512;
    private const int AroundNames = 64; // the notification's id, the channel's name and what stands between
    private readonly List<Candidate> _candidates = new(expected);
    private readonly DateTimeOffset _time = UuidV7.TimeOf(notificationId);
    private HashSet<Guid>? _ids;

    public IReadOnlyCollection<Candidate> All => _candidates;

    public void Add(RecipientTarget target, Channel channel, bool isKnown, string? address, DeviceInfo? device)
    {
        var id = IdOf(channel, address is null ? "\n" : "", address ?? target.OrderingKey());
        if (IsNew(id))
            _candidates.Add(new(id, channel, target.Id, isKnown, address, device));
    }

    private bool IsNew(Guid id)
    {
        if (_ids is null && _candidates.Count < Few)
        {
            foreach (var candidate in _candidates)
            {
                if (candidate.Id == id)
                    return false;
            }
            return true;
        }
        _ids ??= [.. _candidates.Select(candidate => candidate.Id)];
        return _ids.Add(id);
    }

    private Guid IdOf(Channel channel, string mark, string place)
    {
        var most = Encoding.UTF8.GetMaxByteCount(tenant.Length + place.Length) + AroundNames;
        Span<byte> material = most <= UsualMaterial ? stackalloc byte[UsualMaterial] : new byte[most];
        Utf8.TryWrite(material, $"{tenant}/{notificationId:N}/{channel.ToName()}/{mark}{place}", out var length);
        return UuidV7.Derive(_time, material[..length]);
    }
}
