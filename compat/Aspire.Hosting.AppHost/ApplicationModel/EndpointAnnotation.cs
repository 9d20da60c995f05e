using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

public sealed class EndpointAnnotation : IResourceAnnotation
{
    private readonly TaskCompletionSource _allocation = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AllocatedEndpoint? _allocated;
    private string? _transport;

    public EndpointAnnotation(
        ProtocolType protocol, string? uriScheme = null, string? transport = null, string? name = null, int? port = null, int? targetPort = null,
        bool? isExternal = null, bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        _transport = transport;
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsExplicitlyProxied = isProxied;
        TlsEnabled = UriScheme == "https";
    }

    public string Name { get; set; }
    public ProtocolType Protocol { get; set; }
    public int? Port { get; set; }
    public int? TargetPort { get; set; }
    public string UriScheme { get; set; }
    public string TargetHost { get; set; } = "localhost";
    public bool IsExternal { get; set; }
    public bool? IsExplicitlyProxied { get; set; }
    public bool IsProxied { get => IsExplicitlyProxied ?? true; set => IsExplicitlyProxied = value; }
    public bool TlsEnabled { get; set; }
    public bool ExcludeReferenceEndpoint { get; set; }

    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : Protocol.ToString().ToLowerInvariant());
        set => _transport = value;
    }

    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => _allocated;
        set
        {
            _allocated = value;
            if (value is not null)
                _allocation.TrySetResult();
        }
    }

    /// <summary>The variable that carries the port into the process; such an endpoint is no web address of its own.</summary>
    internal string? PortVariable { get; set; }

    /// <summary>Whether the port came from the project's launch profile: a preference, not a demand.</summary>
    internal bool FromLaunchProfile { get; init; }

    internal async Task<AllocatedEndpoint> WaitForAllocationAsync(CancellationToken cancellationToken)
    {
        await _allocation.Task.WaitAsync(cancellationToken);
        return _allocated!;
    }
}
