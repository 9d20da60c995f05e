using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Notify.Core.Messaging;

/// <summary>
/// What librdkafka says of itself, one level quieter than it says it: it reports each lost connection while a broker starts or stops,
/// goes on by itself, and the health check tells when it does not.
/// </summary>
internal sealed partial class ClientLog(ILogger<ClientLog> logger)
{
    public void Write(IClient client, LogMessage message)
    {
        if (message.Level <= SyslogLevel.Critical)
            Log.Serious(logger, client.Name, message.Facility, message.Message);
        else
            Log.Remark(logger, client.Name, message.Facility, message.Message);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Client} {Facility}: {Text}")]
        public static partial void Serious(ILogger logger, string client, string facility, string text);

        [LoggerMessage(LogLevel.Debug, "{Client} {Facility}: {Text}")]
        public static partial void Remark(ILogger logger, string client, string facility, string text);
    }
}
