namespace CrmPlatform.ServiceDesk.Surveys;

/// <summary>Who a customer is, and whether they have something more urgent to say than a survey asks.</summary>
sealed record Person
{
    public Guid CustomerId { get; init; }

    /// <summary>All ids of the person, the customer's among them.</summary>
    public Guid[] Members { get; init; } = [];

    /// <summary>An urgent complaint of theirs is open.</summary>
    public bool UrgentComplaint { get; init; }

    /// <returns>One for each of the customers, in no particular order.</returns>
    public static async Task<Dictionary<Guid, Person>> Of(NpgsqlConnection db, IEnumerable<Guid> customers, CancellationToken ct) =>
        (
            await db.QueryAsync<Person>(
                new(
                    """
                    select i.id as customer_id, m.members, exists (
                        select 1 from ticket_list t where t.customer_id = any(m.members) and t.kind = 'complaint'
                            and t.priority = 'urgent' and t.status in ('open', 'waiting')) as urgent_complaint
                    from (select distinct unnest(@ids) as id) i left join customer_groups g on g.customer_id = i.id
                        cross join lateral (select coalesce(g.members, array[i.id]) as members) m
                    """,
                    new { ids = customers.ToArray() },
                    cancellationToken: ct
                )
            )
        ).ToDictionary(person => person.CustomerId);
}
