using System.Collections.Immutable;

namespace CrmPlatform.Customers.Companies;

/// <summary>
/// Which company belongs to which, and since and until when: all companies in one stream, so that two moves that would close a cycle
/// together are decided one after the other.
/// </summary>
/// <param name="Parents">The spans of each company in the order of time, without overlap.</param>
/// <param name="Children">The companies that ever belonged to each.</param>
public sealed record CompanyTree(
    ImmutableDictionary<Guid, ImmutableList<ParentSpan>> Parents,
    ImmutableDictionary<Guid, ImmutableHashSet<Guid>> Children
) : IAggregate<CompanyTree, ICompanyTreeEvent>
{
    public static CompanyTree Initial { get; } =
        new(ImmutableDictionary<Guid, ImmutableList<ParentSpan>>.Empty, ImmutableDictionary<Guid, ImmutableHashSet<Guid>>.Empty);

    public static Stream<CompanyTree, ICompanyTreeEvent> Stream { get; } = new(NameId.For("company-tree"));

    public CompanyTree Evolve(ICompanyTreeEvent @event) =>
        @event switch
        {
            CompanyParentSet e => new(
                Parents.SetItem(e.CompanyId, Ended(e.CompanyId, e.From).Add(new(e.ParentId, e.Kind, e.From, null))),
                Children.SetItem(e.ParentId, Children.GetValueOrDefault(e.ParentId, []).Add(e.CompanyId))
            ),
            CompanyParentCleared e => this with { Parents = Parents.SetItem(e.CompanyId, Ended(e.CompanyId, e.Until)) },
            _ => this,
        };

    public ImmutableList<ParentSpan> Of(Guid company) => Parents.GetValueOrDefault(company, []);

    /// <summary>What is left of a company's spans before an instant.</summary>
    ImmutableList<ParentSpan> Ended(Guid company, DateTimeOffset at) =>
        [.. Of(company).Where(s => s.From < at).Select(s => s.Until is { } until && until <= at ? s : s with { Until = at })];
}

/// <summary>How a company belongs to its parent.</summary>
public enum CompanyLink
{
    Owns,
    Branch,
    Franchise,
}

/// <summary>A company belongs to another, from an instant until before another.</summary>
/// <param name="ParentId">The company above.</param>
/// <param name="Kind"><c>owns</c>, <c>branch</c> or <c>franchise</c>.</param>
/// <param name="From">Since when.</param>
/// <param name="Until">Until before when; null while nothing ends it.</param>
public sealed record ParentSpan(Guid ParentId, CompanyLink Kind, DateTimeOffset From, DateTimeOffset? Until)
{
    /// <summary>The part of it between two instants; null if there is none.</summary>
    public (DateTimeOffset From, DateTimeOffset Until)? Within(DateTimeOffset from, DateTimeOffset until)
    {
        var (begin, end) = (From > from ? From : from, Until is { } own && own < until ? own : until);
        return begin < end ? (begin, end) : null;
    }
}

public interface ICompanyTreeEvent;

/// <summary>From an instant on a company belongs to another; where it belonged before, it does so until then.</summary>
public sealed record CompanyParentSet(Guid CompanyId, Guid ParentId, CompanyLink Kind, DateTimeOffset From, DateTimeOffset OccurredAt)
    : ICompanyTreeEvent;

/// <summary>From an instant on a company belongs to none; what was planned behind it is dropped.</summary>
public sealed record CompanyParentCleared(Guid CompanyId, DateTimeOffset Until, DateTimeOffset OccurredAt) : ICompanyTreeEvent;
