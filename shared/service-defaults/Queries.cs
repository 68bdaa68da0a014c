using Dapper;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Runs one query against the room's database on its own connection; <see cref="Rows"/> configures how rows are mapped.</summary>
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
