using Microsoft.AspNetCore.Http;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Asks customers about the customers of an import, many at once and with the caller's token (docs/decisions/0046): whose external ids
/// these are, and who exists.
/// </summary>
/// <remarks>
/// Throws <see cref="NeighbourAwayException"/> where customers does not answer, and <see cref="NeighbourForbidsException"/> where the
/// caller may not read customers.
/// </remarks>
public sealed class CustomerLookups(Neighbours neighbours)
{
    /// <summary>As many as customers takes in one question.</summary>
    const int Most = 1_000;

    /// <summary>The customer of each row, by the row's number, where it is known.</summary>
    /// <param name="named">How a row names its customer: by id, or by an external id.</param>
    /// <param name="refused">Gets the refusals of the other rows.</param>
    public async Task<Dictionary<long, Guid>> Of<T>(
        IReadOnlyList<Row<T>> rows,
        Func<T, (Guid? Id, CustomerNumber? Number)> named,
        Dictionary<long, RowResult> refused,
        HttpContext caller
    )
        where T : class
    {
        var (customers, numbers) = (new Dictionary<long, Guid>(), new Dictionary<long, CustomerNumber>());
        foreach (var row in rows.Where(r => r.Command is not null))
            switch (named(row.Command!))
            {
                case ({ } id, null) when id != Guid.Empty:
                    customers[row.Number] = id;
                    break;
                case (null, { } number) when number.IsKey():
                    numbers[row.Number] = number.Normal();
                    break;
                default:
                    refused[row.Number] = RowResult.Refused(
                        row.Number,
                        "invalid-request",
                        "A customer is needed: customerId, or customer with the system and value of an external id; not both.",
                        "customerId"
                    );
                    break;
            }
        var found = await Numbered(numbers.Values, caller);
        foreach (var (row, number) in numbers)
            if (found.TryGetValue(number, out var id))
                customers[row] = id;
            else
                refused[row] = RowResult.Refused(row, "customer-unknown", "There is no customer with this external id.", "customer");
        return customers;
    }

    /// <summary>Those of the ids that are customers'.</summary>
    public async Task<IReadOnlySet<Guid>> Known(IEnumerable<Guid> ids, HttpContext caller)
    {
        var known = new HashSet<Guid>();
        foreach (var some in ids.Distinct().Chunk(Most))
            known.UnionWith((await Ask(new { ids = some }, caller)).Select(customer => customer.Id));
        return known;
    }

    async Task<Dictionary<CustomerNumber, Guid>> Numbered(IEnumerable<CustomerNumber> numbers, HttpContext caller)
    {
        var found = new Dictionary<CustomerNumber, Guid>();
        foreach (var some in numbers.Distinct().Chunk(Most))
        foreach (var customer in await Ask(new { externalIds = some }, caller))
        foreach (var number in customer.ExternalIds)
            found[number] = customer.Id;
        return found;
    }

    async Task<IReadOnlyList<Customer>> Ask(object question, HttpContext caller) =>
        (await neighbours.Post<Customers>("customers", "/api/customers/lookups", question, caller))?.Items
        ?? throw new NeighbourAwayException("customers");

    sealed record Customers(IReadOnlyList<Customer> Items);

    sealed record Customer(Guid Id, IReadOnlyList<CustomerNumber> ExternalIds);
}
