using System.ComponentModel;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Companies;

/// <summary>A company and all below it, with what they bought.</summary>
/// <param name="CompanyId">The company that was asked for.</param>
/// <param name="UltimateParentId">The company at the top of its tree; itself if it belongs to none.</param>
/// <param name="AsOf">Up to when purchases and returns count.</param>
/// <param name="TreeAsOf">The instant whose tree it is.</param>
/// <param name="Currency">The base currency of all amounts, as an ISO 4217 code.</param>
/// <param name="Companies">The company first, then all below it, each after its parent.</param>
/// <param name="Parents">Where the company that was asked for belonged, belongs and will belong, in the order of time.</param>
public sealed record GetCompanyTree(
    Guid CompanyId,
    Guid UltimateParentId,
    DateTimeOffset AsOf,
    DateTimeOffset TreeAsOf,
    string Currency,
    IReadOnlyList<GetCompanyTree.Company> Companies,
    IReadOnlyList<ParentSpan> Parents
)
{
    /// <summary>A company of the tree.</summary>
    /// <param name="CompanyId">Id of the company.</param>
    /// <param name="ParentId">The company above it; null for the one that was asked for.</param>
    /// <param name="Kind">How it belongs there: <c>owns</c>, <c>branch</c> or <c>franchise</c>; null for the one asked
    /// for.</param>
    /// <param name="Level">0 for the company that was asked for, 1 for those right below it.</param>
    /// <param name="Own">What it bought itself, less what it returned.</param>
    /// <param name="Total">The same with all companies below it.</param>
    public sealed record Company(Guid CompanyId, Guid? ParentId, CompanyLink? Kind, int Level, decimal Own, decimal Total);

    public static void Map(CrmService room) =>
        room.MapGet(
                "companies/{id:guid}/tree",
                "A company's tree with its revenue rolled up, now or at another moment",
                "customers.read",
                async (
                    Guid id,
                    string? asOf,
                    [Description("The moment whose tree it is: an instant with offset, a business day, or now; that of asOf if left out.")]
                        string? treeAsOf,
                    EventStore store,
                    NpgsqlDataSource db,
                    Business business,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var at = business.Moment("asOf", asOf) ?? clock.GetUtcNow();
                    var treeAt = treeAsOf == "now" ? clock.GetUtcNow() : business.Moment("treeAsOf", treeAsOf) ?? at;
                    if ((await store.Read(Customer.Of(id), ct)).State is not { Kind: CustomerKind.Enterprise, Exists: true })
                        return Answer.NotFound("company", id);
                    var under = await CompanyParents.Under(db, id, treeAt, ct);
                    var own = await CustomerSales.Of(db, [.. under.Select(c => c.CompanyId)], at, business.Currency, ct);
                    var totals = RollUp.Of([.. under.Select(c => (c.CompanyId, c.ParentId))], own);
                    return Results.Ok(
                        new GetCompanyTree(
                            CompanyId: id,
                            UltimateParentId: await CompanyParents.RootOf(db, id, treeAt, ct),
                            AsOf: at,
                            TreeAsOf: treeAt,
                            Currency: business.Currency,
                            Companies:
                            [
                                .. under.Select(c => new Company(
                                    c.CompanyId,
                                    c.ParentId,
                                    c.Kind,
                                    c.Level,
                                    own.GetValueOrDefault(c.CompanyId),
                                    totals[c.CompanyId]
                                )),
                            ],
                            Parents: await CompanyParents.Of(db, id, ct)
                        )
                    );
                }
            )
            .Produces<GetCompanyTree>();
}
