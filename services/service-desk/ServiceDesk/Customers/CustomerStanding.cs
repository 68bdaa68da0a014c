namespace CrmPlatform.ServiceDesk.Customers;

public interface IStandingEvent;

/// <summary>Customers has registered them.</summary>
public sealed record CustomerNoted(DateTimeOffset OccurredAt) : IStandingEvent;

/// <param name="Points">The qualifying points with which the customer reached the tier by points; null for any other way.</param>
public sealed record TierNoted(string Tier, DateTimeOffset OccurredAt, long? Points = null) : IStandingEvent;

public sealed record GradeNoted(string Grade, DateTimeOffset OccurredAt) : IStandingEvent;

/// <summary>
/// The customer was forgotten: their data key is destroyed with this fact, so that no text stored here about them can be decrypted any
/// more.
/// </summary>
public sealed record PersonalDataErased(Guid Person, int KeysDestroyed, DateTimeOffset OccurredAt) : IStandingEvent, IErasesPerson;

/// <summary>A customer's tier and grade, as other rooms report them; they decide how urgent the customer's tickets are.</summary>
public sealed record CustomerStanding(string? Tier, string? Grade, bool Forgotten, bool Known)
    : IAggregate<CustomerStanding, IStandingEvent>
{
    public static CustomerStanding Initial { get; } = new(null, null, Forgotten: false, Known: false);

    public static Stream<CustomerStanding, IStandingEvent> Of(Guid customerId) => new(customerId);

    public CustomerStanding Evolve(IStandingEvent @event) =>
        @event switch
        {
            TierNoted e => this with { Tier = e.Tier, Known = true },
            GradeNoted e => this with { Grade = e.Grade, Known = true },
            PersonalDataErased => this with { Forgotten = true, Known = true },
            _ => this with { Known = true },
        };
}

/// <summary>What decides how urgent the customer's tickets are.</summary>
/// <param name="Tier">The tier in loyalty; null if none was told.</param>
/// <param name="Grade">The ABC grade; null if none was told.</param>
/// <param name="Forgotten">True once the customer asked to be forgotten.</param>
public sealed record Standing(string? Tier, string? Grade, bool Forgotten)
{
    public static Standing Nothing { get; } = new(null, null, Forgotten: false);
}

/// <summary>View of every customer's standing, read when a ticket is opened and for the order of the queue.</summary>
public sealed class Standings : IProjection
{
    public string Name => "customer-standings";

    public string Ddl =>
        """
            create table if not exists customer_standings (
                customer_id uuid primary key, tier text, grade text, forgotten bool not null default false)
            """;

    public void Register(EventHandlers on) =>
        on.On<CustomerNoted>(
                (_, e, sql) =>
                    sql.Add("insert into customer_standings (customer_id) values ($1) on conflict (customer_id) do nothing", e.StreamId)
            )
            .On<TierNoted>(
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

    /// <returns>Null if nothing was heard of the customer yet.</returns>
    public static Task<Standing?> Of(NpgsqlDataSource db, Guid customerId, CancellationToken ct) =>
        db.QuerySingleOrDefault<Standing>(
            "select tier, grade, forgotten from customer_standings where customer_id = @customerId",
            new { customerId },
            ct
        );

    /// <returns>Those of whom something was heard.</returns>
    public static async Task<Dictionary<Guid, Standing>> Of(NpgsqlDataSource db, IEnumerable<Guid> customerIds, CancellationToken ct)
    {
        var rows = await db.Query<Row>(
            "select customer_id as id, tier, grade, forgotten from customer_standings where customer_id = any(@ids)",
            new { ids = customerIds.Distinct().ToArray() },
            ct
        );
        return rows.ToDictionary(r => r.Id, r => new Standing(r.Tier, r.Grade, r.Forgotten));
    }

    sealed record Row(Guid Id, string? Tier, string? Grade, bool Forgotten);
}
