namespace Notify.Sandbox.Http;

/// <summary>What a provider has to say of a message that it accepted.</summary>
/// <param name="Id">The id it answers with.</param>
/// <param name="To">Device token, topic, number or mail addresses.</param>
/// <param name="From">Project, topic, sending number or sending address.</param>
/// <param name="DeliveryId">The sender's own id, where the message carries one.</param>
/// <param name="CheckedOnly">The sender asked for a check alone: nothing is sent, so nothing is recorded.</param>
internal readonly record struct Acceptance(string Id, string To, string From, Guid? DeliveryId, bool CheckedOnly = false);
