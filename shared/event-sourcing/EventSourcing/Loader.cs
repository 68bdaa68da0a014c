namespace CrmPlatform.EventSourcing;

/// <summary>Loads streams from the log: the events after a version, or after a snapshot where that is newer.</summary>
sealed class Loader(EventStore store)
{
    const string One = $"""
        select {StoredEvents.Columns} from mt_events e where e.stream_id = $1 and e.version > $2 order by e.version
        """;
    const string Many = $"""
        select {StoredEvents.Columns}
        from unnest($1::uuid[], $2::bigint[]) s(id, known) join mt_events e on e.stream_id = s.id and e.version > s.known
        order by e.stream_id, e.version
        """;

    public async Task<IReadOnlyList<RecordedEvent>> Load(
        NpgsqlConnection connection,
        Guid streamId,
        long afterVersion,
        string? snapshots,
        CancellationToken ct
    )
    {
        await using var command = snapshots is null
            ? connection.Command(One, streamId, afterVersion)
            : connection.Command(Snapshots.Load, new[] { streamId }, new[] { afterVersion }, new[] { snapshots });
        var events = new List<RecordedEvent>();
        await using (var rows = await command.ExecuteReaderAsync(ct))
            while (await rows.ReadAsync(ct))
                events.Add(store.Stored.Read(rows));
        await store.Open(events, connection, ct);
        return events;
    }

    /// <summary>
    /// Loads streams of an attempt, and then the inbox: in this order, since a message whose events were seen must be in the inbox too. So
    /// it is found to be a duplicate, even if a rule would refuse it by now.
    /// </summary>
    /// <param name="begin">Begins a transaction that locks the streams.</param>
    /// <param name="shared">Other commands are in the same group: a lock is waited for one second at most.</param>
    public async Task Load(
        NpgsqlConnection connection,
        Attempt attempt,
        IReadOnlyList<Attempt.Stream> streams,
        Guid[] messages,
        bool begin,
        bool shared,
        CancellationToken ct
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(new(batch), streams, messages, begin, shared);
        var events = new List<RecordedEvent>();
        await using (var rows = await batch.ExecuteReaderAsync(ct))
        {
            if (begin)
                await rows.NextResultAsync(ct);
            while (await rows.ReadAsync(ct))
                events.Add(store.Stored.Read(rows));
            if (messages.Length > 0)
            {
                await rows.NextResultAsync(ct);
                while (await rows.ReadAsync(ct))
                    attempt.Seen.Add(rows.GetGuid(0));
            }
        }
        await store.Open(events, connection, ct);
        foreach (var e in events)
            attempt.Replay(e);
        foreach (var stream in streams)
            stream.Fresh = true;
    }

    static void Add(SqlBatch sql, IReadOnlyList<Attempt.Stream> streams, Guid[] messages, bool begin, bool shared)
    {
        Guid[] ids = [.. streams.Select(s => s.Id)];
        if (begin)
        {
            sql.Add("begin");
            if (shared)
                sql.Add("set local lock_timeout = '1s'");
            sql.Add("select id from mt_streams where id = any($1) order by id for no key update", ids);
        }
        var kinds = streams.Select(s => s.Type.Snapshots).ToArray();
        if (kinds is [null])
            sql.Add(One, ids[0], streams[0].Version);
        else if (Array.TrueForAll(kinds, k => k is null))
            sql.Add(Many, ids, streams.Select(s => s.Version).ToArray());
        else
            sql.Add(Snapshots.Load, ids, streams.Select(s => s.Version).ToArray(), kinds);
        if (messages.Length > 0)
            sql.Add("select message_id from inbox where message_id = any($1)", messages);
    }
}
