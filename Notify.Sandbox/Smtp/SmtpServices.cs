using System.Globalization;
using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Smtp;

/// <summary>What every mail session works with.</summary>
internal sealed class SmtpServices(SmtpCertificate certificate, BehaviourSet behaviours, MessageStore store, TimeProvider time)
{
    private long _lastId = time.GetUtcNow().ToUnixTimeSeconds();

    public SmtpCertificate Certificate => certificate;

    public BehaviourSet Behaviours => behaviours;

    public MessageStore Store => store;

    public TimeProvider Time => time;

    public string NextQueueId() => Interlocked.Increment(ref _lastId).ToString("X10", CultureInfo.InvariantCulture);
}
