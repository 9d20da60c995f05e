using System.Text.Json;
using Notify.Core.Data;

namespace Notify.Api.Auditing;

/// <summary>One page of the audit log, the newest first; <c>after</c> takes <see cref="Next"/>.</summary>
internal sealed record AuditPage(IReadOnlyList<AuditView> Items, Guid? Next);

/// <summary>Something that was done, by whom, to what.</summary>
internal sealed record AuditView(Guid Id, DateTimeOffset At, string Actor, string Action, string Subject, JsonElement? Details)
{
    public static AuditView Of(AuditEntry entry) =>
        new(
            entry.AuditId,
            entry.At,
            entry.Actor,
            entry.Action,
            entry.Subject,
            entry.Details is null ? null : JsonElement.Parse(entry.Details)
        );
}
