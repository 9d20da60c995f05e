using Notify.Core.Channels;
using Notify.Sending.Adapters;
using Notify.Sending.Outcomes;

namespace Notify.Sending.Http;

/// <summary>
/// A call that brought no whole answer. It is deliberately neither an <see cref="HttpRequestException"/> nor an
/// <see cref="OperationCanceledException"/>: SDKs and <see cref="HttpClient"/> pass it on untouched, with what only the transport knew.
/// </summary>
/// <param name="mayHaveArrived">Whether the provider may have read, and so accepted, the whole request.</param>
/// <param name="code">Short and stable, for the outcome.</param>
public sealed class TransportException(bool mayHaveArrived, string code, Exception cause)
    : Exception($"No answer from the provider: {code}.", cause)
{
    public bool MayHaveArrived => mayHaveArrived;

    public string Code => code;

    public Outcome ToOutcome() =>
        mayHaveArrived
            ? new Outcome(OutcomeKind.Ambiguous, Code: code, Detail: "The request was sent; the answer did not arrive.")
            : new Outcome(OutcomeKind.Transient, Code: code, Detail: "The provider was not reached; it has not seen the request.");
}
