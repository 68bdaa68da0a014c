namespace CrmPlatform.Customers.Companies;

/// <summary>Forgets a contact: the key goes in this transaction. The company stays, and so do the roles, which name nobody.</summary>
public static class ForgetContact
{
    public static ICompanyContactEvent[] Decide(CompanyContact contact, Guid id, DateTimeOffset now) =>
        contact.CompanyId is null ? throw new NotFoundException("contact", id)
        : contact.Forgotten ? []
        : [.. contact.In[^1].Until is null ? LeaveCompany.Left(contact, now, now) : [], new ContactForgotten(id, now)];

    /// <summary>The contacts that go with a customer: of a person those that the person is, of a company all.</summary>
    public static async Task<IReadOnlyList<Guid>> With(Guid customer, NpgsqlDataSource db, CancellationToken ct) =>
        await db.Query<Guid>(
            "select contact_id from company_contacts where (person_id = @customer or company_id = @customer) and not forgotten",
            new { customer },
            ct
        );

    /// <summary>Whether this is the id of a contact.</summary>
    public static async Task<bool> Concerns(Guid id, NpgsqlDataSource db, CancellationToken ct) =>
        (await db.Query<int>("select 1 from company_contacts where contact_id = @id", new { id }, ct)).Count > 0;
}

/// <summary>Contacts who were added while their company or person was being forgotten.</summary>
public sealed class ForgetLateContacts : IDueWork
{
    public string Name => "forget-late-contacts";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from contact in await connection.QueryAsync<Guid>(
            new CommandDefinition(
                """
                select c.contact_id from directory d join company_contacts c on c.company_id = d.id or c.person_id = d.id
                where d.forgotten and not c.forgotten
                """,
                cancellationToken: ct
            )
        )
        select Write.To(CompanyContact.Of(contact), c => ForgetContact.Decide(c, contact, now));
}
