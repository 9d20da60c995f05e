using System.Security.Cryptography;

namespace Aspire.Hosting.Orchestration;

internal static class InstanceSuffix
{
    /// <summary>Tells the instances of a resource apart, and this run's from the last one's.</summary>
    public static string New() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 6);
}
