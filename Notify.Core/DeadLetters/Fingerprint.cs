namespace Notify.Core.DeadLetters;

/// <summary>What makes letters a group: they died in the same place of the same cause. Made in SQL, where the delivery's columns
/// are.</summary>
internal static class Fingerprint
{
    /// <summary>SQL for 16 hexadecimal digits of the SHA-256 over these SQL expressions; changing it splits the groups of letters that are
    /// already kept.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="kind">Record or delivery.</param>
    /// <param name="place">A delivery's channel, a record's topic.</param>
    /// <param name="provider">Who refused it.</param>
    /// <param name="codeOrCause">The provider's word; without one, ours.</param>
    /// <param name="template">What it was rendered from.</param>
    public static string Sql(string tenant, string kind, string place, string provider, string codeOrCause, string template) =>
        $"left(encode(sha256(convert_to(concat_ws(E'\\n', {tenant}, {kind}, coalesce({place}, ''), coalesce({provider}, ''), coalesce({codeOrCause}, ''), coalesce({template}, '')), 'UTF8')), 'hex'), 16)";
}
