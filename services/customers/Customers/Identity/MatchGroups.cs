namespace CrmPlatform.Customers.Identity;

/// <summary>What is known of the groups of which two customers are members; each is a group of one until it is linked.</summary>
/// <param name="Members">Members of both groups together.</param>
/// <param name="Links">Links that both groups ever had.</param>
/// <param name="Contradiction">A member of one group contradicts a member of the other.</param>
/// <param name="Separated">Somebody has taken the two apart before.</param>
public sealed record MatchGroups(int Members = 2, int Links = 0, bool Contradiction = false, bool Separated = false)
{
    /// <summary>Most members of a group that is linked by machine, and the most links that a group ever has.</summary>
    public const int MostByMachine = 20,
        MostLinks = 100;
}
