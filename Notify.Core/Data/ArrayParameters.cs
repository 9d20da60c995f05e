using Npgsql;
using NpgsqlTypes;

namespace Notify.Core.Data;

/// <summary>Gives rows to a statement column by column, for its <c>unnest</c>: many rows, one statement, one plan.</summary>
public static class ArrayParameters
{
    /// <param name="parameters">The statement's.</param>
    /// <param name="name">The parameter's name, without its sign.</param>
    /// <param name="type">The type of one element.</param>
    /// <param name="rows">The rows, in the order in which every column of the statement has them.</param>
    /// <param name="column">What the column holds of a row.</param>
    public static void AddColumn<TRow, T>(
        this NpgsqlParameterCollection parameters,
        string name,
        NpgsqlDbType type,
        IReadOnlyList<TRow> rows,
        Func<TRow, T> column
    )
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = column(rows[i]);
        parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = values });
    }
}
