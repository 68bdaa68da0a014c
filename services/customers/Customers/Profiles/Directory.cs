namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// Finds customers: by id, external id, phone, e-mail (through an HMAC index; nothing is stored in clear); and lists them. Names are found
/// by <see cref="SealedNames"/>.
/// </summary>
public sealed class Directory(PersonalIndex index, Business business) : IProjection
{
    /// <summary>The constraint that lets a number of another system belong to one customer only.</summary>
    public const string ExternalIds = "external_ids_pkey";

    public string Name => "directory";
    public string Ddl =>
        $$"""
            create table if not exists directory (
                id uuid primary key, kind text not null, source text, tags text[] not null default '{}',
                registered_at timestamptz not null, version bigint not null, forgotten bool not null default false,
                retracted bool not null default false);
            alter table directory drop column if exists name, drop column if exists folded,
                add column if not exists retracted bool not null default false;
            create table if not exists directory_external_ids (
                system text not null, value text not null, customer_id uuid not null,
                constraint {{ExternalIds}} primary key (system, value));
            create table if not exists directory_contacts (hash bytea not null, customer_id uuid not null, primary key (hash, customer_id));
            create index if not exists directory_contacts_customer on directory_contacts (customer_id)
            """;

    public void Register(EventHandlers on)
    {
        on.On<CustomerRegistered>(
            (r, e, sql) =>
            {
                sql.Add(
                    """
                    insert into directory (id, kind, source, registered_at, version) values ($1, $2, $3, $4, $5)
                    """,
                    e.StreamId,
                    r.Kind,
                    r.Source,
                    r.OccurredAt,
                    e.Version
                );
                foreach (var x in r.ExternalIds)
                    Link(x, e.StreamId, sql);
                Contacts(e.StreamId, r.Personal?.Value, sql);
            }
        );
        Change<ProfileRevised>(
            (r, id, sql) =>
            {
                sql.Add("delete from directory_contacts where customer_id = $1", id);
                Contacts(id, r.Personal?.Value, sql);
            }
        );
        Change<ExternalIdLinked>((x, id, sql) => Link(x.ExternalId, id, sql));
        Change<ExternalIdUnlinked>(
            (x, id, sql) =>
                sql.Add(
                    "delete from directory_external_ids where system = $1 and value = $2 and customer_id = $3",
                    x.ExternalId.System,
                    x.ExternalId.Value,
                    id
                )
        );
        Change<RegistrationRetracted>((_, id, sql) => sql.Add("update directory set retracted = true where id = $1", id));
        Change<CustomerTagged>((_, _, _) => { });
        Change<CustomerUntagged>((_, _, _) => { });
        Change<TagExpired>((_, _, _) => { });
        Change<TagAllowed>((_, _, _) => { });
        Change<CustomerForgotten>(
            (_, id, sql) =>
            {
                // No version since 0.3 reads tags here, but what an earlier one wrote goes with the person.
                sql.Add("update directory set tags = '{}', forgotten = true where id = $1", id);
                sql.Add("delete from directory_contacts where customer_id = $1", id);
                sql.Add("delete from directory_external_ids where customer_id = $1", id);
            }
        );
        Change<FieldVerified>((_, _, _) => { });
        Change<DemographicsNoted>((_, _, _) => { });
        Change<BirthdayNoted>((_, _, _) => { });
        Change<ConsentGiven>((_, _, _) => { });
        Change<ConsentWithdrawn>((_, _, _) => { });
        Change<CustomersMerged>((_, _, _) => { });
        Change<CustomersUnmerged>((_, _, _) => { });
        Change<MatchingRefused>((_, _, _) => { });
        Change<MatchingAllowed>((_, _, _) => { });

        // Whatever changes a customer changes the version that is listed.
        void Change<T>(Action<T, Guid, SqlBatch> add)
            where T : class =>
            on.On<T>(
                (change, e, sql) =>
                {
                    add(change, e.StreamId, sql);
                    sql.Add("update directory set version = $2 where id = $1", e.StreamId, e.Version);
                }
            );
    }

    static void Link(ExternalId x, Guid id, SqlBatch sql) =>
        sql.Add("insert into directory_external_ids (system, value, customer_id) values ($1, $2, $3)", x.System, x.Value, id);

    void Contacts(Guid id, PersonalDetails? details, SqlBatch sql)
    {
        foreach (
            var hash in (details?.Contacts ?? []).Concat((details?.ContactPersons ?? []).SelectMany(OfPerson)).Select(Hash).OfType<byte[]>()
        )
            sql.Add("insert into directory_contacts (hash, customer_id) values ($1, $2) on conflict do nothing", hash, id);
    }

    // What an earlier version took may be refused now, or be no valid number: it is kept, and not found by it.
    byte[]? Hash(Contact contact) => ContactKeys.Key(contact, business.Region) is { } key ? index.Of(contact.Kind, key) : null;

    static IEnumerable<Contact> OfPerson(ContactPerson person) =>
        new[] { ("phone", person.Phone), ("email", person.Email) }
            .Where(c => c.Item2 is not null)
            .Select(c => new Contact(c.Item1, c.Item2!));

    /// <exception cref="DuplicateException"><c>duplicate-identity</c>: a number of another system belongs to somebody else.</exception>
    public static async Task<T> Unique<T>(Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (PostgresException e) when (e.ConstraintName == ExternalIds)
        {
            throw new DuplicateException("duplicate-identity", "This number belongs to another customer already.", "externalIds");
        }
    }
}
