using BitFaster.Caching.Lru;

namespace CrmPlatform.Customers.Profiles;

/// <summary>Who bought: by id, or by another system's number. Null for a guest.</summary>
/// <param name="Id">Id of the customer in the platform; instead of system and value.</param>
/// <param name="System">The system that gives the number: <c>web</c>.</param>
/// <param name="Value">The customer's number there.</param>
public sealed record CustomerRef(
    Guid? Id = null,
    [property: KeyText(60)] string? System = null,
    [property: KeyText(120)] string? Value = null
);

/// <summary>
/// Turns references into ids of customers that exist. A customer never disappears, so ids that were found once are remembered; another
/// system's number is asked for again each time, since forgetting a customer takes it away.
/// </summary>
public sealed class KnownCustomers(NpgsqlDataSource db)
{
    readonly FastConcurrentLru<Guid, bool> found = new(100_000);

    /// <exception cref="RuleViolationException"><c>customer-unknown</c>: neither an id nor a number that is known.</exception>
    public async Task<Guid?> Resolve(Guid? id, CustomerRef? reference, CancellationToken ct)
    {
        var wanted = Normalised(id, reference);
        if (wanted is null)
            return null;
        if (wanted.Id is { } known && found.TryGet(known, out _))
            return known;
        return (await Resolve([wanted], ct))[wanted] ?? throw Unknown();
    }

    /// <summary>Many at once, in one round trip; null for the unknown.</summary>
    public async Task<IReadOnlyDictionary<CustomerRef, Guid?>> Resolve(IReadOnlyCollection<CustomerRef> references, CancellationToken ct)
    {
        var (byId, byNumber) = (references.Where(r => r.Id is not null).ToList(), references.Where(r => r.Id is null).ToList());
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var rows = await connection.QueryMultipleAsync(
            new CommandDefinition(
                """
                select id from directory where id = any(@ids);
                select x.system, x.value, x.customer_id from unnest(@systems, @values) r(system, value)
                    join directory_external_ids x on x.system = r.system and x.value = r.value
                """,
                new
                {
                    ids = byId.Select(r => r.Id!.Value).ToArray(),
                    systems = byNumber.Select(r => r.System).ToArray(),
                    values = byNumber.Select(r => r.Value).ToArray(),
                },
                cancellationToken: ct
            )
        );
        var known = (await rows.ReadAsync<Guid>()).ToHashSet();
        foreach (var id in known)
            found.AddOrUpdate(id, true);
        var numbers = (await rows.ReadAsync<(string System, string Value, Guid Id)>()).ToDictionary(r => (r.System, r.Value), r => r.Id);
        return references
            .Distinct()
            .ToDictionary(
                r => r,
                r =>
                    r.Id is { } given
                        ? known.Contains(given)
                            ? given
                            : (Guid?)null
                        : numbers.TryGetValue((r.System!, r.Value!), out var customer)
                            ? customer
                            : null
            );
    }

    /// <summary>Whose these external ids are; null if none is known.</summary>
    /// <exception cref="DuplicateException"><c>duplicate-identity</c>: they belong to different customers.</exception>
    public async Task<Guid?> OwnerOf(IReadOnlyCollection<ExternalId> ids, CancellationToken ct) =>
        OneOf((await Resolve([.. ids.Select(x => new CustomerRef(null, x.System, x.Value))], ct)).Values);

    /// <inheritdoc cref="OwnerOf"/>
    public static Guid? OneOf(IEnumerable<Guid?> owners) =>
        owners.OfType<Guid>().Distinct().ToList() switch
        {
            [] => null,
            [var one] => one,
            var several => throw new DuplicateException(
                "duplicate-identity",
                $"These external ids belong to different customers: {string.Join(", ", several.Order())}.",
                "externalIds"
            ),
        };

    /// <summary>One reference out of the two ways to give one; null for a guest.</summary>
    public static CustomerRef? Normalised(Guid? id, CustomerRef? reference) =>
        (id, reference) switch
        {
            ({ } given, null) => new(given),
            (null, { Id: { } inside, System: null, Value: null }) => new(inside),
            (null, { Id: null, System: { Length: > 0 } system, Value: { Length: > 0 } value }) => new(
                null,
                Keys.Normal(system),
                Keys.Normal(value)
            ),
            (null, null) => null,
            _ => throw new BadRequestException("customer", "an id, or a system with a value, once"),
        };

    public static RuleViolationException Unknown() =>
        new("customer-unknown", "There is no such customer. A purchase without a customer is a guest's.", "customer");
}
