using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Behaviour;

/// <summary>Whose behaviour may be noted: asked each time, since it ends when they are forgotten.</summary>
static class Noticed
{
    /// <exception cref="RuleViolationException"><c>customer-unknown</c> or <c>customer-forgotten</c>.</exception>
    public static async Task Check(this NpgsqlDataSource db, Guid customerId, CancellationToken ct)
    {
        var forgotten = await db.QuerySingleOrDefault<bool?>(
            "select forgotten from directory where id = @customerId",
            new { customerId },
            ct
        );
        _ = (Customer.Initial with { Exists = forgotten is not null, Forgotten = forgotten == true }).Known();
    }

    /// <exception cref="RuleViolationException"><c>contact-unknown</c>: the company has no such contact.</exception>
    public static async Task CheckContact(this NpgsqlDataSource db, Guid company, Guid contact, CancellationToken ct)
    {
        var known = await db.Query<int>(
            "select 1 from company_contacts where contact_id = @contact and company_id = @company and not forgotten",
            new { contact, company },
            ct
        );
        if (known.Count == 0)
            throw new RuleViolationException("contact-unknown", "This company has no such contact.", "contactId");
    }
}
