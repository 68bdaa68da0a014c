namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// What comes to messages by time alone: an attempt whose lease has ended is in doubt, what waited too long is not sent. What was planned
/// for a customer whom the room has forgotten is cancelled.
/// </summary>
public sealed class PassMessageTime : IDueWork
{
    const string Sql = """
        select m.message_id, k.subject is not null as forgotten from messages m
            left join data_keys k on k.subject = m.customer_id and k.destroyed_at is not null
        where m.state = 'HandedOver' and m.next_at <= @now
            or m.state in ('Planned', 'Deferred') and (m.until <= @now or k.subject is not null)
        order by least(m.next_at, m.until), m.message_id
        """;

    public string Name => "messages";
    public TimeSpan Every => TimeSpan.FromSeconds(10);

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        (await Dapper.SqlMapper.QueryAsync<Row>(connection, new(Sql, new { now }, cancellationToken: ct))).Select(row =>
            Write.To(Message.Of(row.MessageId), message => message.PassTime(now, row.Forgotten))
        );

    sealed class Row
    {
        public Guid MessageId { get; init; }
        public bool Forgotten { get; init; }
    }
}
