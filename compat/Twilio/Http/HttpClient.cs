namespace Twilio.Http;

/// <summary>Makes requests; replace it to decide how they travel.</summary>
public abstract class HttpClient
{
    /// <summary>For debugging; shared by all threads that use this client.</summary>
    public Request LastRequest { get; protected set; }

    /// <summary>For debugging; shared by all threads that use this client.</summary>
    public Response LastResponse { get; protected set; }

    public abstract Response MakeRequest(Request request);

    public abstract Task<Response> MakeRequestAsync(Request request);
}
