namespace CrmPlatform.ServiceDefaults;

/// <summary>The room's messages, a row for each, with what became of it. It holds ids and codes only.</summary>
public sealed class MessagesView : IProjection
{
    public string Name => "messages";

    public string Ddl =>
        """
            create table if not exists messages (message_id uuid primary key, customer_id uuid not null, purpose text not null,
                channel text not null, template text not null, state text not null, reason text, attempts int not null default 0,
                doubts int not null default 0, next_at timestamptz, until timestamptz not null, planned_at timestamptz not null,
                changed_at timestamptz not null);
            create index if not exists messages_next on messages (next_at) where next_at is not null;
            create index if not exists messages_waiting on messages (until) where state in ('Planned', 'Deferred');
            create index if not exists messages_customer on messages (customer_id);
            create index if not exists messages_state on messages (state, planned_at desc);
            create index if not exists messages_planned on messages (planned_at desc, message_id desc)
            """;

    public void Register(EventHandlers on) =>
        on.On<MessagePlanned>(
                (m, e, sql) =>
                    sql.Add(
                        """
                        insert into messages
                            (message_id, customer_id, purpose, channel, template, state, next_at, until, planned_at, changed_at)
                        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
                        """,
                        e.StreamId,
                        m.CustomerId,
                        m.Purpose,
                        m.Channel,
                        m.Template,
                        MessageState.Planned,
                        m.NotBefore.ToUniversalTime(),
                        m.Until.ToUniversalTime(),
                        e.RecordedAt
                    )
            )
            .On<HandedOver>(
                (m, e, sql) =>
                    sql.Add(
                        """
                        update messages set state = $2, reason = null, attempts = $3, next_at = $4, changed_at = $5 where message_id = $1
                        """,
                        e.StreamId,
                        MessageState.HandedOver,
                        m.Attempt,
                        m.At + Message.Lease,
                        m.At
                    )
            )
            .On<MessageDeferred>(
                (m, e, sql) =>
                    sql.Add(
                        "update messages set state = $2, reason = $3, next_at = $4, changed_at = $5 where message_id = $1",
                        e.StreamId,
                        MessageState.Deferred,
                        m.Why,
                        m.Until,
                        m.At
                    )
            )
            .On<MessageInDoubt>(
                (m, e, sql) =>
                    sql.Add(
                        """
                        update messages set state = $2, doubts = doubts + 1, next_at = case when doubts = 0 then $3 end, changed_at = $3
                        where message_id = $1
                        """,
                        e.StreamId,
                        MessageState.InDoubt,
                        m.At
                    )
            )
            .On<MessageAccepted>((m, e, sql) => End(sql, e, MessageState.Accepted, null, m.At))
            .On<MessageRefused>((m, e, sql) => End(sql, e, MessageState.Refused, m.Why, m.At))
            .On<MessageNotSent>((m, e, sql) => End(sql, e, MessageState.NotSent, m.Reason, m.At))
            .On<MessageCancelled>((m, e, sql) => End(sql, e, MessageState.Cancelled, m.Reason, m.At));

    static void End(SqlBatch sql, RecordedEvent e, MessageState state, string? reason, DateTimeOffset at) =>
        sql.Add(
            "update messages set state = $2, reason = $3, next_at = null, changed_at = $4 where message_id = $1",
            e.StreamId,
            state,
            new NpgsqlParameter { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
            at
        );
}
