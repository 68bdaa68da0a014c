namespace CrmPlatform.EventSourcing;

/// <summary>
/// How far a follower has processed the log: in memory, and saved in mt_event_progression. It is saved in the transaction of a page's
/// effects, and only if nobody has moved the saved one since this process last read or wrote it: so each page takes effect once.
/// </summary>
sealed class Checkpoint(string follower)
{
    const string Saved = """
        select array[p.last_seq_id, coalesce(s.seq_id, 0)]
        from mt_event_progression p left join follower_stuck s on s.name = p.name
        where p.name = $1
        """;
    const string NotStuck = "with gone as (delete from follower_stuck where name = $1) select 0::bigint";
    const string Stuck = $"""
        with event as materialized ({Skips.Asked}),
        noted as (
            insert into follower_stuck (name, seq_id, error, holder)
            select $1, seq_id, $3, current_setting('application_name') || ' ' || pg_backend_pid() from event where passed = 0
            on conflict (name) do update set (seq_id, error, holder) = (excluded.seq_id, excluded.error, excluded.holder))
        select coalesce((select array[seq_id, passed] from event), array[0, 0]::bigint[])
        """;

    /// <summary>
    /// Divides by zero when somebody else (a rebuild, another replica) has moved the checkpoint: the transaction is rolled back with its
    /// effects.
    /// </summary>
    const string Move = """
        update mt_event_progression
        set last_seq_id = case last_seq_id when $3 then $2 else $2 / (last_seq_id - last_seq_id) end, last_updated = now()
        where name = $1
        """;

    /// <summary>
    /// A checkpoint that moved without effects is saved only now and then: after a crash at most this many events, or those of this many
    /// milliseconds, are read again.
    /// </summary>
    const int SaveEvery = 1_000;
    public const int SaveWithin = 50;

    long saved = -1,
        unsavedSince,
        checkedAt;

    /// <summary>Sequence of the last event that was processed.</summary>
    public long Position { get; set; }

    /// <summary>Sequence of the event that cannot be processed; 0 when there is none.</summary>
    public long StuckAt { get; private set; }

    public bool IsSaved => Position == saved;

    /// <summary>How long ago the saved checkpoint was last seen to be ours.</summary>
    public TimeSpan SinceCheck => Stopwatch.GetElapsedTime(checkedAt);

    /// <summary>
    /// Reads the saved checkpoint. Unless somebody else has moved it, this process goes on from where it is in memory.
    /// </summary>
    /// <returns>False when somebody else has moved it.</returns>
    public async Task<bool> Read(NpgsqlConnection connection, CancellationToken ct)
    {
        var row = await Ask<long[]>(connection, Saved, ct);
        (StuckAt, checkedAt) = (row[1], Stopwatch.GetTimestamp());
        if (row[0] == saved)
            return true;
        (Position, saved, unsavedSince) = (row[0], row[0], 0);
        return false;
    }

    /// <summary>Saves the position if that is due, or at once if it is wanted <paramref name="now"/>.</summary>
    public async Task Save(bool now, NpgsqlConnection connection, CancellationToken ct)
    {
        if (IsSaved)
            return;
        if (unsavedSince == 0)
            unsavedSince = Stopwatch.GetTimestamp();
        if (now || Position - saved >= SaveEvery || Stopwatch.GetElapsedTime(unsavedSince).TotalMilliseconds >= SaveWithin)
            await MoveTo(Position, connection, ct);
    }

    public async Task MoveTo(long next, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddMove(new(batch), next);
        await Execute(batch, next, ct);
    }

    public SqlBatch AddMove(SqlBatch sql, long next) => sql.Add(Move, follower, next, saved);

    /// <summary>
    /// Executes a batch that contains <see cref="AddMove"/>. If somebody else has moved the checkpoint, nothing takes effect and the
    /// follower goes on from there.
    /// </summary>
    public async Task Execute(NpgsqlBatch batch, long next, CancellationToken ct)
    {
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
            (Position, saved, unsavedSince, checkedAt) = (next, next, 0, Stopwatch.GetTimestamp());
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DivisionByZero)
        {
            if (await Read(batch.Connection!, ct))
                throw;
        }
    }

    /// <summary>Notes for all replicas that the follower is stuck at the first event after a position.</summary>
    /// <returns>True when an operator has decided that the follower may skip that event; then it is not noted.</returns>
    public async Task<bool> NoteStuck(long after, string error, NpgsqlConnection connection, CancellationToken ct)
    {
        if (await Ask<long[]>(connection, Stuck, ct, after, error) is not [var at and > 0, var skipped])
            return false;
        StuckAt = at;
        return skipped == 1;
    }

    public async Task NoteNotStuck(NpgsqlConnection connection, CancellationToken ct) =>
        StuckAt = await Ask<long>(connection, NotStuck, ct);

    async Task<T> Ask<T>(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] more) =>
        (T)(await connection.Ask(sql, ct, [follower, .. more]))!;
}
