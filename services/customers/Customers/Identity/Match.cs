namespace CrmPlatform.Customers.Identity;

/// <summary>A customer with whom a profile was compared, and the result.</summary>
public sealed record Match(ComparedProfile Other, MatchScore Score, MatchVerdict Verdict)
{
    public Guid CustomerId => Other.Customer;
}
