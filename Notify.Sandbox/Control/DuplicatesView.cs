namespace Notify.Sandbox.Control;

/// <summary>Delivery ids accepted more than once: how many in all, and up to 1000 of them.</summary>
internal sealed record DuplicatesView(bool Enabled, long Count, DuplicateView[] Ids);

/// <summary>One of them.</summary>
internal sealed record DuplicateView(Guid Id, int Accepted);
