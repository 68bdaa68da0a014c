using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Companies;

/// <summary>From an instant on a company belongs to another; where it belonged before, it did so until then.</summary>
/// <param name="ParentId">Id of the company above.</param>
/// <param name="Kind"><c>owns</c>: the parent owns it; <c>branch</c>: it is a part of the parent; <c>franchise</c>: it acts under the
/// parent's name.</param>
/// <param name="From">From when on; may be past or to come.</param>
public sealed record SetParent(Guid ParentId, CompanyLink Kind, DateTimeOffset From)
{
    /// <exception cref="RuleViolationException"><c>enterprise-only</c>, or what <see cref="TreeRules.Set"/> refuses.</exception>
    public ICompanyTreeEvent[] Decide(CompanyTree tree, Guid id, Customer company, Customer parent, DateTimeOffset now) =>
        company.Known("id").Kind != CustomerKind.Enterprise || parent.Known("parentId").Kind != CustomerKind.Enterprise
            ? throw new RuleViolationException("enterprise-only", "Only a company belongs to another, and only to a company.", "parentId")
            : TreeRules.Set(tree, id, ParentId, Kind, From.ToUniversalTime(), now);

    public static void Map(CrmService room) =>
        room.MapPut(
                "companies/{id:guid}/parent",
                "Set where a company belongs, from an instant on",
                "customers.companies.write",
                async (Guid id, SetParent command, Request request, EventStore store) =>
                    request
                        .Concerns(id)
                        .Done(
                            await store.Write(
                                request,
                                CompanyTree.Stream,
                                Customer.Of(id),
                                Customer.Of(command.ParentId),
                                (tree, company, parent) =>
                                    tree.Append(command.Decide(tree.State, id, company.State, parent.State, request.Now))
                            )
                        )
            )
            .Refuses("customer-unknown", "customer-forgotten", "enterprise-only", "overlap", "cycle", "too-deep", "tree-too-large");
}

/// <summary>From an instant on a company belongs to none. It also drops what was planned behind that instant.</summary>
public static class ClearParent
{
    public static void Map(CrmService room) =>
        room.MapDelete(
            "companies/{id:guid}/parent",
            "End where a company belongs, from an instant on",
            "customers.companies.write",
            async (
                Guid id,
                [System.ComponentModel.Description("From when on it belongs to none; now if left out.")] DateTimeOffset? until,
                Request request,
                EventStore store
            ) =>
                request
                    .Concerns(id)
                    .Done(
                        await store.Write(
                            request,
                            CompanyTree.Stream,
                            tree => TreeRules.Clear(tree, id, (until ?? request.Now).ToUniversalTime(), request.Now)
                        )
                    )
        );
}
