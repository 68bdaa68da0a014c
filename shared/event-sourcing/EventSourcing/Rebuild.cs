namespace CrmPlatform.EventSourcing;

/// <summary>
/// Builds a projection's tables again in schema <c>rebuild</c> while the old ones are in use, then swaps them in one transaction.
/// <para>Async: the swap locks the row of the projection's checkpoint, so the old tables do not change meanwhile. Inline: the swap locks
/// the old tables. A writer that has already written to them has committed by then, so its events are in the log; a writer that has not
/// waits for the lock and then writes to the new tables. Therefore the last page may read all visible events and need not wait at
/// gaps.</para>
/// </summary>
sealed class Rebuild(NpgsqlDataSource db, EventStore store)
{
    const int PageSize = 2_000;
    const string Tables = """
        select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'rebuild' and c.relkind in ('r', 'p') order by 1
        """;

    /// <param name="name">The projection.</param>
    /// <param name="isNew">It is not in use yet, so there is nothing to lock.</param>
    /// <returns>From how many events it was built.</returns>
    public async Task<long> Run(string name, bool isNew, CancellationToken ct)
    {
        var handlers =
            store.Projections.FirstOrDefault(p => p.Projection.Name == name)
            ?? throw new ArgumentException(
                $"there is no projection '{name}'; expected one of: {string.Join(", ", store.ProjectionNames)}",
                nameof(name)
            );
        await using var connection = await db.OpenConnectionAsync(ct);
        await connection.Execute("select pg_advisory_lock(hashtext('crm-rebuild'))", ct);
        try
        {
            foreach (var left in await Names(connection, ct))
                await connection.Execute($"drop table rebuild.\"{left}\" cascade", ct);
            await connection.Execute("set search_path = rebuild, read, public", ct);
            if (handlers.Projection.Ddl is not "")
                await connection.Execute(handlers.Projection.Ddl, ct);
            var (position, events, limit) = (0L, 0L, PageSize);
            var reader = new LogReader(store, store.Options.Events.NamesOf(handlers.Handles));
            while (true)
            {
                try
                {
                    await using var tx = await connection.BeginTransactionAsync(ct);
                    var (page, next) = await reader.Read(connection, position, limit, ct);
                    if (next == position && !reader.Blocked)
                        break;
                    await Project(handlers, page, connection, ct);
                    await tx.CommitAsync(ct);
                    (position, events, limit) = (next, events + page.Count, Math.Min(2 * limit, PageSize));
                    if (reader.Blocked)
                        await Task.Delay(2, ct);
                }
                catch (Exception) when (limit > 1 && !ct.IsCancellationRequested)
                {
                    limit = 1;
                }
                catch (Exception) when (!ct.IsCancellationRequested)
                {
                    if (await Skipped(name, position, connection, ct) is not { } passed)
                        throw;
                    position = passed;
                }
            }
            return events + await Swap(handlers, connection, isNew, position, ct);
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await connection.Execute("select pg_advisory_unlock(hashtext('crm-rebuild')); reset search_path", CancellationToken.None);
        }
    }

    async Task<int> Swap(EventHandlers handlers, NpgsqlConnection connection, bool isNew, long position, CancellationToken ct)
    {
        var name = handlers.Projection.Name;
        await using var tx = await connection.BeginTransactionAsync(ct);
        var tables = await Names(connection, ct);
        await connection.Execute("set local lock_timeout = '60s'", ct);
        if (!isNew)
        {
            await connection.Execute("select 1 from mt_event_progression where name = $1 for update", ct, name);
            foreach (var table in tables)
                await connection.Execute($"lock table read.\"{table}\" in access exclusive mode", ct);
        }
        var caughtUp = 0;
        while (true)
        {
            var reader = new LogReader(store, store.Options.Events.NamesOf(handlers.Handles), ignoreGaps: handlers.Inline);
            var (page, next) = await reader.Read(connection, position, PageSize, ct);
            if (next == position)
                break;
            await Project(handlers, page, connection, ct);
            (position, caughtUp) = (next, caughtUp + page.Count);
        }
        foreach (var table in tables)
        {
            await connection.Execute($"drop table if exists read.\"{table}\" cascade", ct);
            await connection.Execute($"alter table rebuild.\"{table}\" set schema read", ct);
        }
        await connection.Execute(
            """
            insert into mt_event_progression (name, last_seq_id) values ($1, $2)
            on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = now()
            """,
            ct,
            name,
            position
        );
        await tx.CommitAsync(ct);
        return caughtUp;
    }

    /// <summary>The sequence of the next event if an operator has decided that it is skipped; else null.</summary>
    static async Task<long?> Skipped(string name, long position, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = connection.Command(Skips.Asked, name, position);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) && row.GetInt64(1) == 1 ? row.GetInt64(0) : null;
    }

    static async Task Project(EventHandlers handlers, List<RecordedEvent> page, NpgsqlConnection connection, CancellationToken ct)
    {
        if (page.Count == 0)
            return;
        await using var batch = new NpgsqlBatch(connection);
        await handlers.Project(page, connection, new SqlBatch(batch), ct);
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(ct);
    }

    static async Task<List<string>> Names(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = connection.Command(Tables);
        var names = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            names.Add(rows.GetString(0));
        return names;
    }
}
