namespace Notify.Workers.Email.Smtp;

/// <summary>A connection out of the pool for the time of one message.</summary>
internal sealed class SmtpLease(SmtpConnectionPool pool, SmtpConnection connection) : IDisposable
{
    public SmtpConnection Connection { get; private set; } = connection;

    /// <summary>Puts a new connection in the place of one that was found dead.</summary>
    public async Task ReopenAsync(CancellationToken cancellationToken)
    {
        Connection.Dispose();
        Connection = await pool.OpenAsync(cancellationToken);
    }

    public void Dispose() => pool.Return(Connection);
}
