namespace CrmPlatform.EventSourcing;

/// <summary>Single statements on a connection, in its open transaction if it has one.</summary>
static class Sql
{
    public static async Task Execute(this NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = connection.Command(sql, values);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <returns>The first column of the first row; null when there is no row.</returns>
    public static async Task<object?> Ask(this NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteScalarAsync(ct);
    }

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
