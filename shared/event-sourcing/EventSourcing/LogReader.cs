using NpgsqlTypes;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// Reads the log in the global order without ever skipping an event.
/// <para>A sequence number is drawn at insert and seen at commit, so a page may show a hole that a slow writer fills later. A hole is
/// passed only when it is certain that nobody can fill it any more. Every insert takes RowExclusiveLock on mt_events before it draws its
/// number and keeps it until its rows are visible. So, at a hole: note which virtual transactions hold that lock (the suspects: whoever
/// drew the number is among them, or has ended already); later ask whether any suspect still holds it, and only then, in a newer snapshot,
/// read the page again. When none did, each suspect has committed (its row is in this page) or rolled back (its number is burned): holes
/// below the highest number seen when the suspects were noted are passed.</para>
/// <para>The order of the two statements is the rule: asked after the page's snapshot, the answer would be newer than the page, and the
/// event lost. Conditions: numbers are drawn inside the insert only, sequence cache 1, READ COMMITTED, primary server.</para>
/// </summary>
sealed class LogReader(EventStore store, string[]? wanted, bool ignoreHoles = false)
{
    const string Holders = """
        pg_locks where locktype = 'relation' and mode = 'RowExclusiveLock' and granted and relation = 'mt_events'::regclass
          and database = (select oid from pg_database where datname = current_database())
        """;
    const string StillHolding = $"select count(*) from {Holders} and virtualtransaction = any($1)";
    const string Suspects = $"select coalesce(array_agg(distinct virtualtransaction), '{{}}') from {Holders}";

    // A tombstone fills the number of an append that failed in a session of Marten: nothing has happened.
    const string Page = """
        select seq_id, id, stream_id, version, type,
               case when type <> 'tombstone' and ($3::varchar[] is null or type = any($3)) then data end,
               timestamp, correlation_id, causation_id, headers
        from mt_events where seq_id > $1 order by seq_id limit $2
        """;

    string[] suspects = [];
    long provenUpTo;

    /// <summary>True when the last page ended at a hole that may still be filled.</summary>
    public bool Blocked { get; private set; }

    /// <summary>The next page after <paramref name="last"/>: the wanted events in order, and the position that it reaches.</summary>
    public async Task<(List<RecordedEvent> Events, long Position)> Read(
        NpgsqlConnection connection,
        long last,
        int limit,
        CancellationToken ct
    )
    {
        var asked = Blocked;
        var stillHolding = false;
        await using var batch = new NpgsqlBatch(connection);
        var sql = new SqlBatch(batch);
        if (asked)
            sql.Add(StillHolding, (object)suspects);
        sql.Add(
            Page,
            last,
            limit,
            new NpgsqlParameter { Value = (object?)wanted ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar }
        );
        var (events, position, highest, ordered) = (new List<RecordedEvent>(), last, last, true);
        await using (var rows = await batch.ExecuteReaderAsync(ct))
        {
            if (asked)
            {
                await rows.ReadAsync(ct);
                stillHolding = rows.GetInt64(0) > 0;
                await rows.NextResultAsync(ct);
            }
            var passUpTo = asked && !stillHolding ? provenUpTo : 0;
            while (await rows.ReadAsync(ct))
            {
                highest = rows.GetInt64(0);
                ordered = ordered && (highest == position + 1 || highest <= passUpTo || ignoreHoles);
                if (!ordered)
                    continue;
                position = highest;
                if (!rows.IsDBNull(5))
                    events.Add(store.Stored.Read(rows));
            }
        }
        Blocked = !ordered;
        // While old suspects hold on they stay the only ones: noting younger writers again and again could go on for ever.
        if (Blocked && !stillHolding)
            await NoteSuspects(connection, highest, ct);
        await store.Open(events, connection, ct);
        return (events, position);
    }

    async Task NoteSuspects(NpgsqlConnection connection, long highest, CancellationToken ct)
    {
        suspects = (string[])(await connection.Ask(Suspects, ct))!;
        provenUpTo = highest;
    }
}
