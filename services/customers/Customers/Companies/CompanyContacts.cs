namespace CrmPlatform.Customers.Companies;

/// <summary>The contacts of companies, where the fact with each one's card is, and their roles. It names nobody.</summary>
public sealed class CompanyContacts : IProjection
{
    public string Name => "company-contacts";

    public string Ddl =>
        """
            create table if not exists company_contacts (
                contact_id uuid primary key, company_id uuid not null, person_id uuid, department text, card_version bigint not null,
                since timestamptz not null, left_at timestamptz, forgotten bool not null default false, version bigint not null);
            create index if not exists company_contacts_company on company_contacts (company_id, contact_id);
            create index if not exists company_contacts_person on company_contacts (person_id) where person_id is not null;
            create table if not exists company_contact_spans (
                contact_id uuid not null, from_at timestamptz not null, until_at timestamptz);
            create index if not exists company_contact_spans_contact on company_contact_spans (contact_id);
            create table if not exists company_contact_roles (
                contact_id uuid not null, role text not null, scope text not null, strength int not null, from_at timestamptz not null,
                until_at timestamptz);
            create index if not exists company_contact_roles_contact on company_contact_roles (contact_id)
            """;

    public void Register(EventHandlers on)
    {
        on.On<ContactAdded>(
            (c, e, sql) =>
                sql.Add(
                        """
                        insert into company_contacts (contact_id, company_id, person_id, department, card_version, since, version)
                        values ($1, $2, $3, $4, $5, $6, $5)
                        """,
                        e.StreamId,
                        c.CompanyId,
                        c.PersonId,
                        c.Department,
                        e.Version,
                        c.From
                    )
                    .Add("insert into company_contact_spans (contact_id, from_at) values ($1, $2)", e.StreamId, c.From)
        );
        Change<ContactRevised>(
            (c, e, sql) =>
                sql.Add(
                    "update company_contacts set department = $2, card_version = $3 where contact_id = $1",
                    e.StreamId,
                    c.Department,
                    e.Version
                )
        );
        Change<ContactLeft>(
            (c, e, sql) =>
                sql.Add("update company_contacts set left_at = $2 where contact_id = $1", e.StreamId, c.At)
                    .Add("update company_contact_spans set until_at = $2 where contact_id = $1 and until_at is null", e.StreamId, c.At)
        );
        Change<ContactReturned>(
            (c, e, sql) =>
                sql.Add("update company_contacts set left_at = null where contact_id = $1", e.StreamId)
                    .Add("insert into company_contact_spans (contact_id, from_at) values ($1, $2)", e.StreamId, c.At)
        );
        Change<RoleGiven>(
            (r, e, sql) =>
                sql.Add(
                    "insert into company_contact_roles (contact_id, role, scope, strength, from_at) values ($1, $2, $3, $4, $5)",
                    e.StreamId,
                    r.Role,
                    r.Scope,
                    r.Strength,
                    r.From
                )
        );
        Change<RoleEnded>(
            (r, e, sql) =>
                sql.Add(
                    """
                    update company_contact_roles set until_at = greatest(from_at, $4)
                    where contact_id = $1 and role = $2 and scope = $3 and (until_at is null or until_at > $4)
                    """,
                    e.StreamId,
                    r.Role,
                    r.Scope,
                    r.Until
                )
        );
        Change<ContactForgotten>(
            (_, e, sql) => sql.Add("update company_contacts set forgotten = true, person_id = null where contact_id = $1", e.StreamId)
        );

        void Change<T>(Action<T, RecordedEvent, SqlBatch> add)
            where T : class =>
            on.On<T>(
                (change, e, sql) =>
                {
                    add(change, e, sql);
                    sql.Add("update company_contacts set version = $2 where contact_id = $1", e.StreamId, e.Version);
                }
            );
    }
}
