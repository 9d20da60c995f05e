namespace Notify.Workers.Router.Shares;

/// <summary>A tenant in one lane of one channel, by the names the rows have.</summary>
internal readonly record struct LaneTenant(string Channel, string Lane, string Tenant);
