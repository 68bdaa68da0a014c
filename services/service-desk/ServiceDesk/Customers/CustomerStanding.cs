namespace CrmPlatform.ServiceDesk.Customers;

public interface IStandingEvent;

public sealed record TierNoted(string Tier, DateTimeOffset OccurredAt) : IStandingEvent;

public sealed record GradeNoted(string Grade, DateTimeOffset OccurredAt) : IStandingEvent;

/// <summary>
/// The customer was forgotten: their key goes with this fact, and with it every word that was ever written about them here.
/// </summary>
public sealed record PersonalDataErased(Guid Person, int KeysDestroyed, DateTimeOffset OccurredAt) : IStandingEvent, IErasesPerson;

/// <summary>What others say of a customer that decides how urgent their tickets are.</summary>
public sealed record CustomerStanding(string? Tier, string? Grade, bool Forgotten) : IAggregate<CustomerStanding, IStandingEvent>
{
    public static CustomerStanding Initial { get; } = new(null, null, Forgotten: false);

    public static Stream<CustomerStanding, IStandingEvent> Of(Guid customerId) => new(customerId);

    public CustomerStanding Evolve(IStandingEvent @event) =>
        @event switch
        {
            TierNoted e => this with { Tier = e.Tier },
            GradeNoted e => this with { Grade = e.Grade },
            PersonalDataErased => this with { Forgotten = true },
            _ => this,
        };
}

public sealed record Standing(string? Tier, string? Grade, bool Forgotten);

/// <summary>The standing of every customer, for the moment a ticket is opened and for the order of the queue.</summary>
public sealed class Standings : IProjection
{
    public string Name => "customer-standings";

    public string Ddl =>
        """
            create table if not exists customer_standings (
                customer_id uuid primary key, tier text, grade text, forgotten bool not null default false)
            """;

    public void Register(EventHandlers on) =>
        on.On<TierNoted>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_standings (customer_id, tier) values ($1, $2)
                        on conflict (customer_id) do update set tier = excluded.tier
                        """,
                        e.StreamId,
                        t.Tier
                    )
            )
            .On<GradeNoted>(
                (g, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_standings (customer_id, grade) values ($1, $2)
                        on conflict (customer_id) do update set grade = excluded.grade
                        """,
                        e.StreamId,
                        g.Grade
                    )
            )
            .On<PersonalDataErased>(
                (_, e, sql) =>
                    sql.Add(
                        """
                        insert into customer_standings (customer_id, forgotten) values ($1, true)
                        on conflict (customer_id) do update set forgotten = true
                        """,
                        e.StreamId
                    )
            );

    public static async Task<Standing> Of(NpgsqlDataSource db, Guid customerId, CancellationToken ct)
    {
        return await db.QuerySingleOrDefault<Standing>(
                "select tier, grade, forgotten from customer_standings where customer_id = @customerId",
                new { customerId },
                ct
            ) ?? new(null, null, Forgotten: false);
    }
}
