using CrmPlatform.Customers.Behaviour;

namespace CrmPlatform.Customers.Companies;

/// <summary>When customers and contacts were spoken with. It follows the log within a moment.</summary>
public sealed class CustomerInteractions : IProjection
{
    public string Name => "customer-interactions";

    public string Ddl =>
        """
            create table if not exists customer_interactions (customer_id uuid not null, contact_id uuid, occurred_at timestamptz not null);
            create index if not exists customer_interactions_customer on customer_interactions (customer_id, occurred_at);
            create index if not exists customer_interactions_contact on customer_interactions (contact_id, occurred_at)
                where contact_id is not null
            """;

    public TimeSpan Rest => TimeSpan.FromMilliseconds(100);

    public void Register(EventHandlers on) =>
        on.On<Interacted>(
            (i, _, sql) =>
                sql.Add(
                    "insert into customer_interactions (customer_id, contact_id, occurred_at) values ($1, $2, $3)",
                    i.CustomerId,
                    i.ContactId,
                    i.OccurredAt
                )
        );
}
