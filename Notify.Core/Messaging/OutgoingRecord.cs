using Confluent.Kafka;

namespace Notify.Core.Messaging;

/// <summary>A record to be produced.</summary>
public sealed record OutgoingRecord(string Topic, byte[] Key, byte[] Value, Headers Headers);
