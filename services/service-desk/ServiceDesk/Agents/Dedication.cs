namespace CrmPlatform.ServiceDesk.Agents;

public interface IDedicationEvent;

/// <param name="Deputy">Who stands in for the agent; null if nobody does.</param>
public sealed record AgentDedicated(Guid CustomerId, string Agent, string? Deputy, DateTimeOffset OccurredAt) : IDedicationEvent;

public sealed record AgentReleased(Guid CustomerId, DateTimeOffset OccurredAt) : IDedicationEvent;

/// <summary>Whose customer somebody is: the dedicated agent 专属客服.</summary>
public sealed record Dedication(string? Agent, string? Deputy) : IAggregate<Dedication, IDedicationEvent>
{
    public static Dedication Initial { get; } = new(null, null);

    public static Stream<Dedication, IDedicationEvent> Of(Guid customerId) => new(NameId.For("dedication", customerId.ToString()));

    public Dedication Evolve(IDedicationEvent @event) => @event is AgentDedicated e ? new(e.Agent, e.Deputy) : Initial;
}

/// <summary>View of dedications with their history: one row for each time that it changed.</summary>
public sealed class DedicationList : IProjection
{
    public string Name => "dedications";

    // until_at is null of the one that holds.
    public string Ddl =>
        """
            create table if not exists dedications (
                customer_id uuid not null, version bigint not null, agent text not null, deputy text, from_at timestamptz not null,
                until_at timestamptz, primary key (customer_id, version));
            create index if not exists dedications_agent on dedications (agent) where until_at is null;
            """;

    public void Register(EventHandlers on) =>
        on.On<AgentDedicated>(
                (d, e, sql) =>
                {
                    End(sql, d.CustomerId, d.OccurredAt);
                    sql.Add(
                        "insert into dedications (customer_id, version, agent, deputy, from_at) values ($1, $2, $3, $4, $5)",
                        d.CustomerId,
                        e.Version,
                        d.Agent,
                        d.Deputy,
                        d.OccurredAt
                    );
                }
            )
            .On<AgentReleased>((r, _, sql) => End(sql, r.CustomerId, r.OccurredAt));

    static void End(SqlBatch sql, Guid customerId, DateTimeOffset at) =>
        sql.Add("update dedications set until_at = $2 where customer_id = $1 and until_at is null", customerId, at);
}
