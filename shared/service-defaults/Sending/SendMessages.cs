using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Hands over what is due, in the hours in which messages leave; one replica at a time. Customers are asked immediately before; without
/// their answer everything waits.
/// </summary>
sealed class SendMessages(
    NpgsqlDataSource db,
    EventStore store,
    SendingOptions options,
    Business business,
    RoomToken token,
    Clearances clearances,
    SendingStatus status,
    HandOver handOver,
    TimeProvider clock,
    ILogger<SendMessages> log
) : IPeriodic
{
    const string Lock = "crm-send";

    const string Sql = """
        select message_id, customer_id, purpose, channel, template from messages
        where next_at <= @now and until > @now
            and (state in ('Planned', 'Deferred') or state = 'InDoubt' and purpose = any(@repeated))
        order by next_at, message_id limit @Most
        """;

    public string Name => "send-messages";
    public TimeSpan Every => options.Every;

    public async Task Run(CancellationToken ct)
    {
        if (!IsOpen)
            return;
        await using var connection = await db.OpenConnectionAsync(ct);
        await ProcessLock.Take(connection, store, Lock, Name, ct);
        try
        {
            while (IsOpen && await Together(ct)) { }
        }
        finally
        {
            await ProcessLock.Give(connection, store, Lock, Name);
        }
    }

    /// <summary>Whether it is an hour in which messages leave.</summary>
    bool IsOpen => options.IsOpen(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), business.Zone));

    /// <returns>Whether there may be more that can leave now.</returns>
    async Task<bool> Together(CancellationToken ct)
    {
        var due = await Due(ct);
        var possible = due.Where(handOver.IsPossible).ToList();
        foreach (var message in due.Except(possible))
            await handOver.Impossible(message, ct);
        if (possible.Count == 0)
            return Healthy() && due.Count == Clearances.Most;
        if (!token.IsConfigured)
            return Waits("messages wait: Sending:ClientId is not set");
        var asked = clock.GetTimestamp();
        IReadOnlyList<Clearances.Clearance> answers;
        try
        {
            answers = await clearances.Ask([.. possible.Select(m => new Clearances.Wanted(m.CustomerId, m.Purpose, m.Channel))], ct);
        }
        catch (Exception e)
            when (e is HttpRequestException or System.Text.Json.JsonException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            log.ClearancesAway(e);
            return Waits("messages wait: customers or the gateway does not clear them");
        }
        Healthy();
        var done = 0;
        await Parallel.ForEachAsync(
            possible.Zip(answers),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = ct },
            async (one, stop) =>
            {
                if (await handOver.Try(one.First, one.Second, asked, stop))
                    Interlocked.Increment(ref done);
            }
        );
        return done > 0 && due.Count == Clearances.Most;
    }

    Task<List<DueMessage>> Due(CancellationToken ct) =>
        db.Query<DueMessage>(
            Sql,
            new
            {
                now = clock.GetUtcNow(),
                repeated = options.Repeated,
                Clearances.Most,
            },
            ct
        );

    bool Healthy()
    {
        status.Waits(null);
        return true;
    }

    bool Waits(string why)
    {
        status.Waits(why);
        return false;
    }
}

/// <summary>A message that is due, as the view has it.</summary>
sealed class DueMessage
{
    public Guid MessageId { get; init; }
    public Guid CustomerId { get; init; }
    public string Purpose { get; init; } = "";
    public string Channel { get; init; } = "";
    public string Template { get; init; } = "";
}
