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
    [InlineData("42P01", true)] // not migrated yet
    [InlineData("42703", false)]
    [InlineData("42601", false)]
    public void Answers_of_postgres_pass_or_stay(string state, bool passes) =>
        Assert.Equal(passes, DatabaseFaults.IsPassing(new PostgresException("m", "ERROR", "ERROR", state)));

    [Theory]
    [InlineData("22021", true)] // U+0000
    [InlineData("22023", true)]
    [InlineData("23514", true)]
    [InlineData("54000", true)]
    [InlineData("42703", false)] // a column that is missing is missing for all
    [InlineData("42501", false)]
    [InlineData("53100", false)]
    [InlineData("57P01", false)]
    public void Refusal_concerns_a_row_or_all_of_them(string state, bool concernsRow) =>
        Assert.Equal(concernsRow, DatabaseFaults.ConcernsRow(new PostgresException("m", "ERROR", "ERROR", state)));

    [Fact]
    public void Lost_connections_pass_and_faults_of_ours_stay()
    {
        Assert.All<Exception>(
            [new NpgsqlException(), new SocketException(), new IOException(), new TimeoutException(), new RetryLimitExceededException()],
            fault => Assert.True(DatabaseFaults.IsPassing(fault))
        );
        Assert.All<Exception>([new InvalidOperationException(), new FormatException(), new OperationCanceledException()], fault =>
            Assert.False(DatabaseFaults.IsPassing(fault))
        );
    }
}
