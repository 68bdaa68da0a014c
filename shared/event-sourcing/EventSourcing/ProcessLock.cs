namespace CrmPlatform.EventSourcing;

/// <summary>
/// Lets one process at a time do some work. The lock belongs to a session of the database, so a dead process loses it at once; a suspended
/// one loses it after three seconds, when another process ends its sessions (<see cref="Leases"/>).
/// </summary>
public static class ProcessLock
{
    /// <summary>Waits until no other process has it.</summary>
    public static async Task Take(NpgsqlConnection connection, EventStore store, string kind, string name, CancellationToken ct)
    {
        await using var command = connection.Command(
            "select pg_advisory_lock_shared(hashtext('crm-process'), $1), pg_advisory_lock(hashtext($2), hashtext($3))",
            store.Process,
            kind,
            name
        );
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Gives it back; nothing is left to give where the session was ended.</summary>
    public static async Task Give(NpgsqlConnection connection, EventStore store, string kind, string name)
    {
        if (connection.State == System.Data.ConnectionState.Open)
            await connection.Execute(
                "select pg_advisory_unlock(hashtext($2), hashtext($3)), pg_advisory_unlock_shared(hashtext('crm-process'), $1)",
                CancellationToken.None,
                store.Process,
                kind,
                name
            );
    }
}
