namespace CrmPlatform.ServiceDefaults;

/// <summary>Customers who are one person or one company.</summary>
/// <param name="SurvivorId">The member under whose id they are shown.</param>
/// <param name="Members">All of them, the survivor first; 50 at most. A customer in no group is the only member of their own.</param>
public sealed record CustomerGroup(Guid SurvivorId, IReadOnlyList<Guid> Members)
{
    public static CustomerGroup Alone(Guid customerId) => new(customerId, [customerId]);

    public bool IsAlone => Members.Count == 1;

    /// <summary>All members but one.</summary>
    public IReadOnlyList<Guid> OthersThan(Guid member) => [.. Members.Where(m => m != member)];
}

/// <summary>
/// With whom a customer is one, as it was told last of that customer. Members are told of one by one: until all were, one of them may be in
/// a group of which another knows nothing yet.
/// </summary>
public static class CustomerGroups
{
    public static async Task<CustomerGroup> Of(NpgsqlDataSource db, Guid customerId, CancellationToken ct) =>
        (await Of(db, [customerId], ct))[customerId];

    /// <returns>A group for each of them, by the customer's id.</returns>
    public static async Task<Dictionary<Guid, CustomerGroup>> Of(
        NpgsqlDataSource db,
        IReadOnlyCollection<Guid> customerIds,
        CancellationToken ct
    )
    {
        var rows = await db.Query<Row>(
            "select customer_id, survivor_id, members from customer_groups where customer_id = any(@ids)",
            new { ids = customerIds.Distinct().ToArray() },
            ct
        );
        var groups = rows.ToDictionary(r => r.CustomerId, r => new CustomerGroup(r.SurvivorId, r.Members));
        foreach (var id in customerIds)
            groups.TryAdd(id, CustomerGroup.Alone(id));
        return groups;
    }

    sealed class Row
    {
        public Guid CustomerId { get; init; }
        public Guid SurvivorId { get; init; }
        public Guid[] Members { get; init; } = [];
    }
}
