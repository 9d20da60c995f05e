namespace FirebaseAdmin;

/// <summary>Platform-level error codes, the same for every Firebase service.</summary>
public enum ErrorCode
{
    InvalidArgument,
    FailedPrecondition,
    OutOfRange,
    Unauthenticated,
    PermissionDenied,
    NotFound,
    Conflict,
    Aborted,
    AlreadyExists,
    ResourceExhausted,
    Cancelled,
    DataLoss,
    Unknown,
    Internal,
    Unavailable,
    DeadlineExceeded,
}
