using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Notify.Core.Data;

/// <summary>Which faults of the database pass by themselves.</summary>
public static class DatabaseFaults
{
    private const string IdleInTransaction = "25P03"; // the server closed the connection: idle_in_transaction_session_timeout
    private const string IdleSession = "57P05"; // and idle_session_timeout

    /// <summary>Lost connections, restarts, timeouts, deadlocks, a server that is not the primary any more: true. A statement that is wrong
    /// stays wrong: false.</summary>
    public static bool IsPassing(Exception fault) =>
        fault switch
        {
            PostgresException refused => refused.IsTransient
                || refused.SqlState
                    is PostgresErrorCodes.AdminShutdown
                        or PostgresErrorCodes.CrashShutdown
                        or PostgresErrorCodes.CannotConnectNow
                        or PostgresErrorCodes.DeadlockDetected
                        or PostgresErrorCodes.SerializationFailure
                        or PostgresErrorCodes.TooManyConnections
                        or PostgresErrorCodes.UndefinedTable /* not migrated yet */
                        or PostgresErrorCodes.DiskFull
                        or PostgresErrorCodes.QueryCanceled
                        or PostgresErrorCodes.LockNotAvailable
                        or PostgresErrorCodes.ReadOnlySqlTransaction /* a standby that was the primary */
                        or IdleInTransaction
                        or IdleSession,
            NpgsqlException or SocketException or IOException or TimeoutException => true,
            RetryLimitExceededException => true, // EF Core's word for a passing fault that went on
            _ => false,
        };

    /// <summary>
    /// The statement is refused for what a row of it contains, so that other rows may pass: data that no column takes, a constraint, a
    /// value beyond the server's limits, text that is not Unicode.
    /// </summary>
    public static bool ConcernsRow(Exception fault) =>
        fault switch
        {
            PostgresException refused => refused.SqlState is ['2', '2' or '3', ..] or ['5', '4', ..],
            EncoderFallbackException => true,
            _ => false,
        };

    /// <summary>A row came for a day that has no partition. (A constraint that a row breaks has a name.)</summary>
    public static bool IsMissingDay(PostgresException refused) =>
        refused.SqlState == PostgresErrorCodes.CheckViolation && string.IsNullOrEmpty(refused.ConstraintName);
}
