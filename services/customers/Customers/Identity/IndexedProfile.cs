namespace CrmPlatform.Customers.Identity;

/// <summary>Where a customer's profile stands in the log.</summary>
/// <param name="Customer">Whose it is.</param>
/// <param name="Version">The fact that has it.</param>
/// <param name="Verified">The facts that verified its contacts since.</param>
public sealed record IndexedProfile(Guid Customer, long Version, IReadOnlyList<long> Verified)
{
    /// <summary>The last fact that says something of it.</summary>
    public long Last => Verified.Append(Version).Max();

    public IEnumerable<(Guid Stream, long Version)> Facts => Verified.Where(v => v > Version).Prepend(Version).Select(v => (Customer, v));
}
