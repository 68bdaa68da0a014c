using Dapper;

namespace CrmPlatform.ServiceDefaults;

/// <summary>One question to the room's database, on a connection of its own; see <see cref="Rows"/> for how rows are read.</summary>
public static class Queries
{
    public static async Task<List<T>> Query<T>(this NpgsqlDataSource db, string sql, object? args, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, args, cancellationToken: ct))).AsList();
    }

    /// <exception cref="InvalidOperationException">There is no row, or more than one.</exception>
    public static async Task<T> QuerySingle<T>(this NpgsqlDataSource db, string sql, object? args, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleAsync<T>(new CommandDefinition(sql, args, cancellationToken: ct));
    }

    /// <returns>The default of T where there is no row.</returns>
    /// <exception cref="InvalidOperationException">There is more than one.</exception>
    public static async Task<T?> QuerySingleOrDefault<T>(this NpgsqlDataSource db, string sql, object? args, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, args, cancellationToken: ct));
    }
}
