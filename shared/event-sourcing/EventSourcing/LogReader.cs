using NpgsqlTypes;

namespace CrmPlatform.EventSourcing;

/// <summary>
/// Reads the log in the global order without ever skipping an event.
/// <para>A sequence number is drawn at insert and becomes visible at commit, so a page may have a gap that a slow transaction fills later.
/// A gap is passed only when it is certain that no transaction can still fill it. Every insert takes a RowExclusiveLock on mt_events before
/// it draws its number, and keeps it until its rows are visible. So, at a gap: note which virtual transactions hold that lock (the
/// suspects: the one that drew the number is among them or has already ended). Later ask whether any suspect still holds the lock, and only
/// after that, in a newer snapshot, read the page again. If none holds it, each suspect has either committed (then its row is in this page)
/// or rolled back (then its number will never be used): so the gaps below the highest number seen when the suspects were noted are
/// passed.</para>
/// <para>The order of the two statements matters: if the locks were queried after the page, a suspect could commit in between, and its
/// event would be lost. Conditions: numbers are drawn inside the insert only, sequence cache 1, READ COMMITTED, primary server.</para>
/// </summary>
sealed class LogReader(EventStore store, string[]? wanted, bool ignoreGaps = false)
{
    const string Holders = """
        pg_locks where locktype = 'relation' and mode = 'RowExclusiveLock' and granted and relation = 'mt_events'::regclass
          and database = (select oid from pg_database where datname = current_database())
        """;
    const string StillHolding = $"select count(*) from {Holders} and virtualtransaction = any($1)";
    const string Suspects = $"select coalesce(array_agg(distinct virtualtransaction), '{{}}') from {Holders}";

    // A tombstone takes the sequence number of a failed append of Marten; it is not an event.
    const string Page = """
        select seq_id, id, stream_id, version, type,
               case when type <> 'tombstone' and ($3::varchar[] is null or type = any($3)) then data end,
               timestamp, correlation_id, causation_id, headers
        from mt_events where seq_id > $1 order by seq_id limit $2
        """;

    string[] suspects = [];
    long provenUpTo;

    /// <summary>True when the last page ended at a gap that may still be filled.</summary>
    public bool Blocked { get; private set; }

    /// <summary>The next page after <paramref name="last"/>: the wanted events in order, and the position after the page.</summary>
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
                ordered = ordered && (highest == position + 1 || highest <= passUpTo || ignoreGaps);
                if (!ordered)
                    continue;
                position = highest;
                if (!rows.IsDBNull(5))
                    events.Add(store.Stored.Read(rows));
            }
        }
        Blocked = !ordered;
        // As long as one of the suspects is active, no new ones are noted: under constant writes that would never end.
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
