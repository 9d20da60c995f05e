using Notify.Sandbox.Behaviours;
using Notify.Sandbox.Recording;

namespace Notify.Sandbox.Http;

/// <summary>What is a provider's own about a request to send. <see cref="StandInHandler"/> calls these in order and does what all have in
/// common.</summary>
/// <typeparam name="TRequest">A request as this provider reads it.</typeparam>
internal interface IStandIn<TRequest>
{
    Provider Provider { get; }

    /// <summary>Bytes.</summary>
    int MaxBody { get; }

    /// <summary>Reads without judging: a behaviour may have its turn with a request that the rules would refuse.</summary>
    /// <param name="context">Path and headers.</param>
    /// <param name="body">Null where it is longer than <see cref="MaxBody"/>.</param>
    TRequest Read(HttpContext context, byte[]? body);

    /// <returns>Token, number or mail address, as behaviours name it; null where the request has none.</returns>
    string? AddressOf(TRequest request);

    /// <returns>The refusal that a behaviour asks for.</returns>
    Refusal ErrorOf(BehaviourSettings settings, TRequest request);

    /// <returns>The refusal by the provider's own rules, or null; a body that is null has to be refused.</returns>
    Refusal? Check(HttpContext context, TRequest request, byte[]? body);

    Acceptance Accept(HttpContext context, TRequest request, DateTimeOffset now);

    /// <summary>What else happens once the message is recorded, whether or not its sender gets an answer.</summary>
    void Recorded(TRequest request, string id, DateTimeOffset at) { }

    /// <summary>Answers to an accepted message.</summary>
    void Respond(HttpContext context, TRequest request, string id, DateTimeOffset at);
}
