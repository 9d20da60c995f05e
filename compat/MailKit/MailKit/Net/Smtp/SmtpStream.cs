using System.Text;

namespace MailKit.Net.Smtp;

/// <summary>Commands out, replies in, over any stream; each read and write has <see cref="Timeout"/> milliseconds.</summary>
internal sealed class SmtpStream(Stream stream, IProtocolLogger logger) : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly byte[] _input = new byte[SmtpReplyParser.MaxLineLength];
    private int _start;
    private int _end;
    private string? _lastReply;
    private CancellationTokenSource _patience = new();

    public Stream Stream { get; private set; } = stream;

    public int Timeout { get; set; }

    /// <summary>
    /// Goes on over <paramref name="secured"/>. Whatever was read and not used came in plain text before the handshake,
    /// from anybody on the way: it is forgotten (response injection).
    /// </summary>
    public void Secure(Stream secured)
    {
        Stream = secured;
        _start = _end = 0;
    }

    public void Queue(string command) => _output.Write(Encoding.UTF8.GetBytes(command + "\r\n"));

    public async Task<SmtpResponse> SendCommandAsync(string command, CancellationToken cancellationToken)
    {
        Queue(command);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        return await ReadResponseAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var count = (int)_output.Length;
        var buffer = _output.GetBuffer();
        _output.SetLength(0);
        await WriteAsync(buffer, 0, count, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes in blocks, so that the timeout is one of progress and not of the whole message.</summary>
    public async Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        const int BlockSize = 32 * 1024;
        while (count > 0)
        {
            var block = Math.Min(count, BlockSize);
            var memory = buffer.AsMemory(offset, block);
            await WithTimeoutAsync(
                async token =>
                {
                    await Stream.WriteAsync(memory, token).ConfigureAwait(false);
                    await Stream.FlushAsync(token).ConfigureAwait(false);
                    return 0;
                },
                cancellationToken).ConfigureAwait(false);
            logger.LogClient(buffer, offset, block);
            offset += block;
            count -= block;
        }
    }

    public async Task<SmtpResponse> ReadResponseAsync(CancellationToken cancellationToken)
    {
        var parser = new SmtpReplyParser();
        while (true)
        {
            int length;
            while ((length = _input.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0)
                await ReadMoreAsync(cancellationToken).ConfigureAwait(false);

            var line = _input.AsSpan(_start, length).TrimEnd((byte)'\r');
            _start += length + 1;
            if (parser.Add(line) is { } response)
            {
                _lastReply = response.Response;
                return response;
            }
        }
    }

    private async Task ReadMoreAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _input.AsSpan(_start, _end - _start).CopyTo(_input);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _input.Length)
            throw new SmtpProtocolException("A reply line of the server is too long.");
        var read = await WithTimeoutAsync(token => Stream.ReadAsync(_input.AsMemory(_end), token).AsTask(), cancellationToken).ConfigureAwait(false);
        if (read == 0)
            throw new SmtpProtocolException("The SMTP server has unexpectedly disconnected" + (_lastReply is null ? "." : $": {_lastReply}"));
        logger.LogServer(_input, _end, read);
        _end += read;
    }

    /// <summary>A timeout is a <see cref="TimeoutException"/>; only the caller's token cancels.</summary>
    public async Task<T> WithTimeoutAsync<T>(Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        // One source for all the small reads and writes of a session; one that was cancelled has had its day.
        if (!_patience.TryReset())
        {
            _patience.Dispose();
            _patience = new();
        }
        _patience.CancelAfter(Timeout);
        using var cancelled = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _patience);
        try
        {
            return await operation(_patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Operation timed out after {Timeout} milliseconds");
        }
        finally
        {
            _patience.CancelAfter(System.Threading.Timeout.Infinite);
        }
    }

    public void Dispose()
    {
        Stream.Dispose();
        _output.Dispose();
        _patience.Dispose();
    }
}
