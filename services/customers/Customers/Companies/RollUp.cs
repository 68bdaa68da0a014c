namespace CrmPlatform.Customers.Companies;

/// <summary>Sums of a tree: each company's own and, above it, all that is below.</summary>
public static class RollUp
{
    /// <param name="companies">Each after its parent, the top first; what is above that is not asked for.</param>
    /// <param name="own">What each has itself; nothing where it is left out.</param>
    /// <returns>For each company its own and that of all below it.</returns>
    public static Dictionary<Guid, decimal> Of(
        IReadOnlyList<(Guid Company, Guid? Parent)> companies,
        IReadOnlyDictionary<Guid, decimal> own
    )
    {
        var totals = companies.ToDictionary(c => c.Company, c => own.GetValueOrDefault(c.Company));
        foreach (var (company, parent) in companies.Reverse())
            if (parent is { } above)
                totals[above] += totals[company];
        return totals;
    }
}
