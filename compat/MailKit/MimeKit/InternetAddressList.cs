using System.Collections;

namespace MimeKit;

public class InternetAddressList : IEnumerable<InternetAddress>
{
    private readonly List<InternetAddress> _addresses = [];

    public int Count => _addresses.Count;

    public InternetAddress this[int index] => _addresses[index];

    /// <summary>The mailboxes of the list, those inside groups too.</summary>
    public IEnumerable<MailboxAddress> Mailboxes => _addresses.OfType<MailboxAddress>();

    internal event Action? Changed;

    public void Add(InternetAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        _addresses.Add(address);
        Changed?.Invoke();
    }

    public void AddRange(IEnumerable<InternetAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        _addresses.AddRange(addresses);
        Changed?.Invoke();
    }

    public void Clear()
    {
        _addresses.Clear();
        Changed?.Invoke();
    }

    public IEnumerator<InternetAddress> GetEnumerator() => _addresses.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(", ", _addresses);

    internal string Encode() => string.Join(", ", _addresses.Select(address => address.Encode()));

    internal void Load(string header)
    {
        _addresses.Clear();
        _addresses.AddRange(AddressListSyntax.Split(header).Select(part => MailboxAddress.TryParse(part, out var mailbox) ? mailbox : null).OfType<MailboxAddress>());
    }
}
