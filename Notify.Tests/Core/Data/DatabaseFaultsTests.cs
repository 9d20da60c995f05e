using System.Net.Sockets;
using Microsoft.EntityFrameworkCore.Storage;
using Notify.Core.Data;
using Npgsql;

namespace Notify.Tests.Core.Data;

public sealed class DatabaseFaultsTests
{
    [Theory]
    [InlineData("08006", true)]
    [InlineData("57P01", true)]
    [InlineData("57P02", true)]
    [InlineData("57P03", true)]
    [InlineData("57014", true)]
    [InlineData("40P01", true)]
    [InlineData("40001", true)]
    [InlineData("53300", true)]
    [InlineData("53100", true)]
    [InlineData("55P03", true)]
    [InlineData("25006", true)]
    [InlineData("25P03", true)]
    [InlineData("57P05", true)]
    [InlineData("22021", false)]
    [InlineData("22P05", false)]
    [InlineData("23505", false)]
    [InlineData("42P01", true)]   // not migrated yet
    [InlineData("42703", false)]
    [InlineData("42601", false)]
    public void Answers_of_postgres_pass_or_stay(string state, bool passes) =>
        Assert.Equal(passes, DatabaseFaults.IsPassing(new PostgresException("m", "ERROR", "ERROR", state)));

    [Fact]
    public void Lost_connections_pass_and_faults_of_ours_stay()
    {
        Assert.All<Exception>([new NpgsqlException(), new SocketException(), new IOException(), new TimeoutException(), new RetryLimitExceededException()], fault => Assert.True(DatabaseFaults.IsPassing(fault)));
        Assert.All<Exception>([new InvalidOperationException(), new FormatException(), new OperationCanceledException()], fault => Assert.False(DatabaseFaults.IsPassing(fault)));
    }
}
