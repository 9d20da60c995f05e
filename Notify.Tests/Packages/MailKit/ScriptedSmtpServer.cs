using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Notify.Tests.Packages.MailKit;

/// <summary>A mail server on loopback that behaves well until its script says otherwise.</summary>
internal sealed class ScriptedSmtpServer : IAsyncDisposable
{
    /// <summary>Instead of a reply: closes the connection.</summary>
    public const string Drop = "(drop)";

    /// <summary>Instead of a reply: none, for ever.</summary>
    public const string Silence = "(silence)";

    /// <summary>Before a reply: holds it back until another command has come, which only a pipelining client sends.</summary>
    public const string Later = "(later)";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ScriptedSmtpSession, Task> _sessions = new();
    private readonly Lock _lock = new();
    private readonly Task _accepting;
    private int _open;

    public ScriptedSmtpServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The extensions named in answer to EHLO, besides STARTTLS where there is a certificate.</summary>
    public string[] Offers { get; set; } = ["PIPELINING", "SIZE 10485760", "8BITMIME", "ENHANCEDSTATUSCODES"];

    /// <summary>Those named once TLS is up; null for the same.</summary>
    public string[]? OffersUnderTls { get; set; }

    public X509Certificate2? Certificate { get; set; }

    public bool TlsOnConnect { get; set; }

    /// <summary>
    /// The reply to a command line, without its line end; null for the usual one. Also asked: <c>CONNECT</c> for the greeting,
    /// <c>LINE</c> at the first line of a message's content, <c>CONTENT</c> after its final dot.
    /// </summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    /// <summary>Awaited before a command is answered.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    public ConcurrentQueue<ScriptedSmtpCommand> Commands { get; } = new();

    public ConcurrentQueue<ReceivedMail> Mails { get; } = new();

    public int Connections { get; private set; }

    public int MostOpen { get; private set; }

    public int Open => Volatile.Read(ref _open);

    public IEnumerable<string> Lines => Commands.Select(command => command.Line);

    public CancellationToken Stopping => _stop.Token;

    /// <summary>Closes what is open, as servers do with idle connections, and waits until it is.</summary>
    public async Task CloseAllAsync()
    {
        foreach (var (session, running) in _sessions)
        {
            session.Close();
            await running;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await CloseAllAsync();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var session = new ScriptedSmtpSession(this, client);
                _sessions[session] = ServeAsync(session);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(ScriptedSmtpSession session)
    {
        lock (_lock)
        {
            Connections++;
            MostOpen = Math.Max(MostOpen, ++_open);
        }

        try
        {
            await session.RunAsync();
        }
        catch (Exception fault)
            when (fault
                    is OperationCanceledException
                        or IOException
                        or ObjectDisposedException
                        or SocketException
                        or System.Security.Authentication.AuthenticationException
                        or InvalidOperationException
            )
        {
            // The client went away, or the script closed the connection.
        }
        finally
        {
            session.Close();
            lock (_lock)
                _open--;
        }
    }
}
