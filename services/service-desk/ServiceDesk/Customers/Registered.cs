namespace CrmPlatform.ServiceDesk.Customers;

/// <summary>
/// Asks customers for somebody of whom nothing was heard yet (docs/decisions/0046): who was registered a moment ago, or before the desk
/// heard of registrations.
/// </summary>
public sealed class Registered(Neighbours neighbours)
{
    /// <returns>Null if there is no such customer.</returns>
    /// <exception cref="NeighbourAwayException">Customers does not answer.</exception>
    /// <exception cref="NeighbourForbidsException">The caller may not read customers.</exception>
    public async Task<Standing?> Ask(Guid customerId, HttpContext caller) =>
        await neighbours.Get<Customer>("customers", $"/api/customers/{customerId}", caller) is null ? null : Standing.Nothing;

    sealed record Customer(Guid Id);
}
