namespace FirebaseAdmin;

/// <summary>A call to a Firebase service that failed.</summary>
public class FirebaseException : Exception
{
    internal FirebaseException(ErrorCode code, string message, Exception inner, HttpResponseMessage response)
        : base(message, inner)
    {
        ErrorCode = code;
        HttpResponse = response;
    }

    /// <summary>The platform-level code.</summary>
    public ErrorCode ErrorCode { get; }

    /// <summary>The answer, its content buffered; null where none arrived.</summary>
    public HttpResponseMessage HttpResponse { get; }
}
