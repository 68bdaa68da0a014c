using CrmPlatform.Customers.Behaviour;
using CrmPlatform.Customers.Companies;
using CrmPlatform.Customers.Groups;
using CrmPlatform.Customers.Orders;
using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers;

/// <summary>
/// What other contexts hear of this one. Codes are published as they were recorded, also by versions that took any text; pages are masked
/// again, since those of earlier versions may hold a person's number.
/// </summary>
public static class CustomersFeed
{
    public static OutgoingFact? Translate(RecordedEvent e) =>
        e.Data switch
        {
            CustomerRegistered c => new(
                e.StreamId,
                new Contracts.CustomerRegistered(e.StreamId, Code(c.Kind), c.Source, c.OccurredAt),
                c.OccurredAt
            ),
            ProfileRevised { Personal.Value.Demographics: var d } c => Profile(e.StreamId, c.Kind, d, c.OccurredAt),
            DemographicsNoted { Personal.Value: { } d } c => Profile(e.StreamId, c.Kind, d, c.OccurredAt),
            BirthdayNoted { Personal: null } c => new(
                e.StreamId,
                new Contracts.BirthdayNoted(e.StreamId, null, null, null, c.OccurredAt),
                c.OccurredAt
            ),
            BirthdayNoted { Personal.Value: { } b } c => new(
                e.StreamId,
                new Contracts.BirthdayNoted(e.StreamId, b.Calendar, b.Month, b.Day, c.OccurredAt),
                c.OccurredAt
            ),
            ConsentGiven c => new(
                e.StreamId,
                new Contracts.ConsentChanged(e.StreamId, c.Purpose, c.Channel, true, c.NoticeVersion, c.OccurredAt),
                c.OccurredAt
            ),
            ConsentWithdrawn c => new(
                e.StreamId,
                new Contracts.ConsentChanged(e.StreamId, c.Purpose, c.Channel, false, c.NoticeVersion, c.OccurredAt),
                c.OccurredAt
            ),
            CustomerForgotten c => new(e.StreamId, new Contracts.CustomerForgotten(e.StreamId, c.OccurredAt), c.OccurredAt),
            PurchaseMade p => new(
                p.CustomerId ?? e.StreamId,
                new Contracts.PurchaseRecorded(
                    CustomerId: p.CustomerId,
                    PurchaseId: e.StreamId,
                    Source: p.Source,
                    OrderNumber: p.OrderNumber,
                    Channel: p.Channel,
                    Currency: p.Currency,
                    Net: p.Net,
                    BaseCurrency: p.BaseCurrency,
                    BaseNet: p.BaseNet,
                    Rate: p.Rate,
                    Lines:
                    [
                        .. p.Lines.Select(l => new Contracts.PurchaseLine(
                            l.ProductId,
                            l.Category,
                            l.Quantity,
                            l.Net,
                            l.Brand,
                            l.ListPrice,
                            l.Discount,
                            l.Cost
                        )),
                    ],
                    OccurredAt: p.OccurredAt
                ),
                p.OccurredAt
            ),
            GoodsReturned r => new(
                r.CustomerId ?? e.StreamId,
                new Contracts.PurchaseReturned(
                    CustomerId: r.CustomerId,
                    PurchaseId: r.PurchaseId,
                    ReturnId: r.ReturnId,
                    Channel: r.Channel,
                    Currency: r.Currency,
                    Net: r.Net,
                    BaseCurrency: r.BaseCurrency,
                    BaseNet: r.BaseNet,
                    WhollyReturned: r.Wholly,
                    PurchasedAt: r.PurchasedAt,
                    OccurredAt: r.OccurredAt,
                    Lines: r.Lines?.Select(l => new Contracts.ReturnedLine(l.ProductId, l.Quantity, l.Net)).ToList(),
                    Categories: r.Categories?.Select(c => new Contracts.ReturnedCategory(c.Category, c.BaseNet)).ToList(),
                    PurchaseChannel: r.PurchaseChannel
                ),
                r.OccurredAt
            ),
            PurchaseRetracted p => new(
                p.CustomerId ?? e.StreamId,
                new Contracts.PurchaseRetracted(
                    CustomerId: p.CustomerId,
                    PurchaseId: p.PurchaseId,
                    Channel: p.Channel,
                    Currency: p.Currency,
                    Net: p.Net - p.Returned,
                    BaseCurrency: p.BaseCurrency,
                    BaseNet: p.BaseNet,
                    OccurredAt: p.PurchasedAt
                ),
                p.PurchasedAt
            ),
            PageSeen v => new(
                v.CustomerId,
                new Contracts.PageViewed(v.CustomerId, v.PageViewId, PagePath.Of(v.Page), v.Category, v.Channel, v.OccurredAt),
                v.OccurredAt
            ),
            Interacted i => new(
                i.CustomerId,
                new Contracts.InteractionRecorded(
                    CustomerId: i.CustomerId,
                    InteractionId: i.InteractionId,
                    Channel: i.Channel,
                    Direction: i.Direction,
                    Topic: i.Topic,
                    Answered: i.Answered,
                    OccurredAt: i.OccurredAt
                ),
                i.OccurredAt
            ),
            CustomersMerged m => new(
                e.StreamId,
                new Contracts.CustomersMerged(e.StreamId, m.SurvivorId, new Group(m.SurvivorId, m.Links).Members, m.MergeId, m.OccurredAt),
                m.OccurredAt
            ),
            CustomersUnmerged m => new(
                e.StreamId,
                new Contracts.CustomersUnmerged(
                    e.StreamId,
                    m.SurvivorId,
                    new Group(m.SurvivorId, m.Links).Members,
                    m.MergeId,
                    m.OccurredAt
                ),
                m.OccurredAt
            ),
            CompanyParentSet p => new(
                p.CompanyId,
                new Contracts.CompanyTreeChanged(p.CompanyId, p.ParentId, Code(p.Kind), p.From, p.OccurredAt),
                p.OccurredAt
            ),
            CompanyParentCleared p => new(
                p.CompanyId,
                new Contracts.CompanyTreeChanged(p.CompanyId, null, null, p.Until, p.OccurredAt),
                p.OccurredAt
            ),
            _ => null,
        };

    static OutgoingFact Profile(Guid customer, CustomerKind kind, Demographics d, DateTimeOffset at) =>
        new(
            customer,
            new Contracts.ProfileChanged(
                CustomerId: customer,
                Kind: Code(kind),
                AgeBand: d.AgeBand,
                Gender: d.Gender,
                IncomeBand: d.IncomeBand,
                HouseholdSize: d.HouseholdSize,
                Province: d.Province,
                Language: d.Language,
                OccurredAt: at
            ),
            at
        );

    static string Code(CompanyLink kind) =>
        kind switch
        {
            CompanyLink.Owns => "owns",
            CompanyLink.Branch => "branch",
            _ => "franchise",
        };

    static string Code(CustomerKind kind) => kind == CustomerKind.Enterprise ? "enterprise" : "individual";
}
