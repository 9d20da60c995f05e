namespace Notify.Workers.Email.Smtp;

/// <summary>A connection out of the pool for the time of one message.</summary>
/// <param name="pool">Where it goes back to.</param>
/// <param name="connection">The connection.</param>
/// <param name="held">What else is held as long; null for nothing.</param>
internal sealed class SmtpLease(SmtpConnectionPool pool, SmtpConnection connection, SemaphoreSlim? held = null) : IDisposable
{
    private bool _ended;

    public SmtpConnection Connection { get; private set; } = connection;

    /// <summary>Puts a new connection in the place of one that was found dead.</summary>
    public async Task ReopenAsync(CancellationToken cancellationToken)
    {
        Connection.Dispose();
        Connection = await pool.OpenAsync(cancellationToken);
    }

    /// <summary>Gives back what the lease holds, once.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, true))
            return;
        try
        {
            pool.Return(Connection);
        }
        finally
        {
            held?.Release();
        }
    }
}
