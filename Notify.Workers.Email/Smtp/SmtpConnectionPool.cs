using Microsoft.Extensions.Options;

namespace Notify.Workers.Email.Smtp;

/// <summary>
/// Open connections for reuse. A slot is the right to hold one; a connection is opened only with a slot and when none is idle,
/// and a slot comes back only when its connection is idle or closed, so there are never more than <see cref="SmtpOptions.MaxConnections"/>.
/// </summary>
internal sealed class SmtpConnectionPool : IAsyncDisposable
{
    private static readonly TimeSpan DisposeTimeout = TimeSpan.FromSeconds(5);

    private readonly SmtpOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _slots;
    private readonly SemaphoreSlim _ordinary; // the slots that mail other than critical may hold at a time
    private readonly Stack<SmtpConnection> _idle = new(); // the last used first, so that the others age and go
    private readonly Lock _lock = new();
    private readonly ITimer _sweeping;
    private bool _disposed;

    public SmtpConnectionPool(IOptions<SmtpOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _slots = new SemaphoreSlim(_options.MaxConnections, _options.MaxConnections);
        _ordinary = new SemaphoreSlim(
            _options.MaxConnections > _options.CriticalConnections
                ? _options.MaxConnections - _options.CriticalConnections
                : _options.MaxConnections
        );
        _sweeping = time.CreateTimer(_ => CloseAged(), null, _options.MaxConnectionAge, _options.MaxConnectionAge / 4);
    }

    /// <summary>The server the connections lead to.</summary>
    public string Server => $"{_options.Host}:{_options.Port}";

    /// <summary>Waits for a slot and gives an idle connection, or a new one.</summary>
    public async Task<SmtpLease> RentAsync(bool critical, CancellationToken cancellationToken)
    {
        if (!critical)
            await _ordinary.WaitAsync(cancellationToken);
        try
        {
            return await RentAnyAsync(critical ? null : _ordinary, cancellationToken);
        }
        catch when (!critical)
        {
            _ordinary.Release();
            throw;
        }
    }

    private async Task<SmtpLease> RentAnyAsync(SemaphoreSlim? held, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return new SmtpLease(this, TakeIdle() ?? await OpenAsync(cancellationToken), held);
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    public Task<SmtpConnection> OpenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return SmtpConnection.OpenAsync(_options, _time, cancellationToken);
    }

    /// <summary>Takes a connection back: for reuse, or to be closed behind the caller's back, the slot with it.</summary>
    public void Return(SmtpConnection connection)
    {
        lock (_lock)
        {
            if (!_disposed && IsGood(connection))
            {
                _idle.Push(connection);
                _slots.Release();
                return;
            }
        }

        _ = CloseAsync(connection);
    }

    public async ValueTask DisposeAsync()
    {
        SmtpConnection[] idle;
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            idle = [.. _idle];
            _idle.Clear();
        }

        await _sweeping.DisposeAsync();
        await Task.WhenAll(idle.Select(connection => connection.CloseAsync()));
        using var patience = new CancellationTokenSource(DisposeTimeout, _time);
        try
        {
            for (var slot = 0; slot < _options.MaxConnections; slot++)
                await _slots.WaitAsync(patience.Token); // those in use close as they come back
        }
        catch (OperationCanceledException)
        {
            // Whoever still sends has its own token to be stopped by; its connection closes on return.
        }
    }

    private SmtpConnection? TakeIdle()
    {
        lock (_lock)
        {
            while (_idle.TryPop(out var connection))
            {
                if (IsGood(connection))
                    return connection;
                connection.Dispose(); // no QUIT: a mail waits for this slot
            }
        }

        return null;
    }

    private void CloseAged()
    {
        List<SmtpConnection> aged = [];
        lock (_lock)
        {
            var keep = _idle.Reverse().ToList();
            _idle.Clear();
            foreach (var connection in keep)
            {
                if (IsGood(connection) || !_slots.Wait(0))
                    _idle.Push(connection);
                else
                    aged.Add(connection);
            }
        }

        foreach (var connection in aged)
            _ = CloseAsync(connection);
    }

    private async Task CloseAsync(SmtpConnection connection)
    {
        try
        {
            await connection.CloseAsync();
        }
        finally
        {
            _slots.Release(); // whatever comes of closing
        }
    }

    private bool IsGood(SmtpConnection connection) =>
        connection.IsAlive && connection.Messages < _options.MaxMessagesPerConnection && connection.Age < _options.MaxConnectionAge;
}
