using System.Data;
using CrmPlatform.Loyalty.Points;

namespace CrmPlatform.Loyalty.Measures;

/// <summary>
/// One question: everything in it is asked of one state of the log, and named in the answer so that it can be asked again.
/// </summary>
sealed record Question(DateTimeOffset At, int ActiveDays, LoyaltyRules Rules)
{
    /// <summary>How many of each kind a replica answers at once: each reads whole tables on a connection of its own.</summary>
    public const int AtOnce = 4;

    /// <exception cref="BadRequestException">Nobody knows yet.</exception>
    public static Question Of(DateTimeOffset? asOf, int? activeDays, LoyaltyRules rules, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (asOf > now)
            throw new BadRequestException("asOf", "not in the future");
        if (activeDays is < 1 or > 3_660)
            throw new BadRequestException("activeDays", "a number from 1 to 3660");
        return new(asOf?.ToUniversalTime() ?? now, activeDays ?? 365, rules);
    }

    /// <param name="ask">Reads on the connection; the settings of the room are for short statements that an index answers, these are for
    /// whole tables.</param>
    public static async Task<(T Answer, long Position)> Ask<T>(
        NpgsqlDataSource db,
        Func<NpgsqlConnection, Task<T>> ask,
        CancellationToken ct
    )
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var position = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                """
                set local transaction_read_only = on; set local enable_seqscan = on;
                set local plan_cache_mode = force_custom_plan; set local work_mem = '64MB';
                select last_seq_id from mt_event_progression where name = 'measures'
                """,
                cancellationToken: ct
            )
        );
        return (await ask(connection), position);
    }

    public CommandDefinition Command(
        string sql,
        CancellationToken ct,
        string? bucket = null,
        DateOnly? cohort = null,
        long? seq = null,
        bool due = false,
        int take = 0
    )
    {
        var business = Rules.Business;
        return new(
            sql,
            new
            {
                asOf = At,
                activeAfter = At.AddDays(-ActiveDays),
                day = business.DayOf(At),
                zone = business.TimeZone,
                never = Expiry.Never,
                firstTier = Rules.SchemeAt(At).Tiers[0].Name,
                months3 = Ago(3),
                months6 = Ago(6),
                months12 = Ago(12),
                months24 = Ago(24),
                bucket,
                cohort,
                seq,
                due,
                take,
            },
            cancellationToken: ct
        );

        DateTimeOffset Ago(int months)
        {
            var local = TimeZoneInfo.ConvertTime(At, business.Zone).DateTime.AddMonths(-months);
            while (business.Zone.IsInvalidTime(local))
                local = local.AddMinutes(15);
            return new DateTimeOffset(local, business.Zone.GetUtcOffset(local)).ToUniversalTime();
        }
    }
}
