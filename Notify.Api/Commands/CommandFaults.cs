using System.Net.Sockets;
using Confluent.Kafka;
using Notify.Core.Data;
using Notify.Core.Messaging;
using Npgsql;

namespace Notify.Api.Commands;

/// <summary>What a person at a terminal is told of a fault that a setting or another server causes: one line that says what to check,
/// without a password.</summary>
internal static class CommandFaults
{
    private const string Setting = "ConnectionStrings:" + DataExtensions.ConnectionName;

    /// <summary>Null for a fault that is none of these: a bug, which deserves its stack trace.</summary>
    public static string? Explain(Exception fault, IConfiguration configuration)
    {
        if (Chain(fault).OfType<KafkaException>().FirstOrDefault() is { } kafka)
            return $"Kafka at {configuration.GetConnectionString(KafkaOptions.ConnectionName)} does not do what is asked ({kafka.Error.Code}): does it run there, and is ConnectionStrings:{KafkaOptions.ConnectionName} right?";
        if (!TryRead(configuration.GetConnectionString(DataExtensions.ConnectionName), out var database))
            return $"{Setting} is not a connection string of Postgres, such as Host=localhost;Port=5432;Username=notify;Password=…;Database=notify.";
        var server = $"Postgres at {database.Host}:{database.Port}";
        return Chain(fault).Select(cause => OfDatabase(cause, database, server)).FirstOrDefault(line => line is not null);
    }

    private static string? OfDatabase(Exception cause, NpgsqlConnectionStringBuilder database, string server) =>
        cause switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
                $"{server} refuses user {database.Username}: check Username and Password in {Setting}.",
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
                $"{server} has no database {database.Database}: create it, or correct Database in {Setting}.",
            PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } =>
                $"Database {database.Database} at {database.Host}:{database.Port} has no tables of Notify yet: run Notify.Api migrate first.",
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
                $"{server} does not let user {database.Username} do this: {refused.MessageText}.",
            PostgresException refused when DatabaseFaults.IsPassing(refused) =>
                $"{server} cannot do this now: {refused.MessageText}. Try again later.",
            PostgresException => null,
            SocketException lost =>
                $"{server} does not answer ({lost.SocketErrorCode}): does it run there, and are Host and Port in {Setting} right?",
            NpgsqlException when string.IsNullOrEmpty(database.Password) && cause.InnerException is null =>
                $"{server} asks for a password: add Password to {Setting}.",
            TimeoutException => $"{server} did not answer in time: does it run there, and are Host and Port in {Setting} right?",
            NpgsqlException { InnerException: null } => $"{server} did not answer as expected: {cause.Message}",
            _ => null,
        };

    private static IEnumerable<Exception> Chain(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
            yield return fault;
    }

    private static bool TryRead(string? text, out NpgsqlConnectionStringBuilder database)
    {
        try
        {
            database = new(text);
            return true;
        }
        catch (ArgumentException)
        {
            database = new();
            return false;
        }
    }
}
