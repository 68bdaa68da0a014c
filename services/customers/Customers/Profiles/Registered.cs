namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// Looks before a registration who may be the same customer: none where the policy does not ask for it, or the customer is registered.
/// </summary>
/// <param name="id">The id that the customer has or would get.</param>
/// <exception cref="DuplicateException"><c>duplicate-customer</c>: the policy refuses it.</exception>
public delegate Task<IReadOnlyList<Guid>> FindDuplicates(Guid id, RegisterCustomer command, CancellationToken ct);

/// <summary>The answer to a registration.</summary>
/// <param name="Id">Id of the customer.</param>
/// <param name="Version">The customer's version.</param>
/// <param name="Candidates">
/// Customers who may be the same, the likeliest first, where the policy is to name them; left out if there are none, and when a request
/// with the same Idempotency-Key is repeated.
/// </param>
public sealed record Registered(Guid Id, long Version, IReadOnlyList<Guid>? Candidates = null)
{
    /// <summary>The refusal of somebody who is almost certainly known already.</summary>
    /// <param name="known">Who it is; null for a caller who may not read customers.</param>
    public static DuplicateException Duplicate(Guid? known) =>
        new DuplicateException(
            "duplicate-customer",
            known is { } id
                ? $"This customer is almost certainly {id} already. Link the external id to that customer instead."
                : "This customer is almost certainly known already.",
            "profile"
        );

    /// <summary>201 with ETag and Location.</summary>
    public static IResult Answer(HttpContext http, Guid id, long version, IReadOnlyList<Guid> candidates)
    {
        http.Response.Headers.ETag = $"\"{version}\"";
        return Results.Created($"/api/customers/{id}", new Registered(id, version, candidates));
    }
}
