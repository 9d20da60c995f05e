using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;

namespace Notify.Tests.Workers;

/// <summary>A provider as its worker gets it from configuration, before a stub.</summary>
internal interface IProviderDoor : IAsyncDisposable
{
    ProviderStub Stub { get; }

    /// <summary>Sends any message.</summary>
    Task<Outcome> SendAsync(CancellationToken cancellationToken);
}
