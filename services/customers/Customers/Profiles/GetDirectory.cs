namespace CrmPlatform.Customers.Profiles;

/// <summary>
/// Finds customers: by id, external id, phone, e-mail (through an HMAC index; nothing is stored in clear) or name; and lists them.
/// </summary>
public sealed class Directory(PersonalIndex index) : IProjection
{
    /// <summary>The constraint that lets a number of another system belong to one customer only.</summary>
    public const string ExternalIds = "external_ids_pkey";

    public string Name => "directory";
    public string Ddl =>
        $$"""
            create table if not exists directory (id uuid primary key, kind text not null, name text, source text, tags text[] not null default '{}', registered_at timestamptz not null, version bigint not null, forgotten bool not null default false);
            create index if not exists directory_name on directory (lower(name) text_pattern_ops);
            create table if not exists directory_external_ids (system text not null, value text not null, customer_id uuid not null, constraint {{ExternalIds}} primary key (system, value));
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
                    insert into directory (id, kind, name, source, registered_at, version) values ($1, $2, $3, $4, $5, $6)
                    """,
                    e.StreamId,
                    r.Kind,
                    r.Personal?.Value?.Name,
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
                sql.Add("update directory set name = $2 where id = $1 and not forgotten", id, r.Personal?.Value?.Name);
                sql.Add("delete from directory_contacts where customer_id = $1", id);
                Contacts(id, r.Personal?.Value, sql);
            }
        );
        Change<ExternalIdLinked>((x, id, sql) => Link(x.ExternalId, id, sql));
        Change<CustomerTagged>(
            (t, id, sql) => sql.Add("update directory set tags = array_append(array_remove(tags, $2), $2) where id = $1", id, t.Tag)
        );
        Change<CustomerUntagged>((t, id, sql) => sql.Add("update directory set tags = array_remove(tags, $2) where id = $1", id, t.Tag));
        Change<CustomerForgotten>(
            (_, id, sql) =>
            {
                sql.Add("update directory set name = null, tags = '{}', forgotten = true where id = $1", id);
                sql.Add("delete from directory_contacts where customer_id = $1", id);
                sql.Add("delete from directory_external_ids where customer_id = $1", id);
            }
        );
        Change<ConsentGiven>((_, _, _) => { });
        Change<ConsentWithdrawn>((_, _, _) => { });

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
            var hash in (details?.Contacts ?? [])
                .Select(c => index.Of(c.Kind, c.Value))
                .Concat((details?.ContactPersons ?? []).SelectMany(PersonHashes))
        )
            sql.Add("insert into directory_contacts (hash, customer_id) values ($1, $2) on conflict do nothing", hash, id);
    }

    IEnumerable<byte[]> PersonHashes(ContactPerson person)
    {
        if (person.Phone is { } phone)
            yield return index.Of("phone", Profile.Normalised(new("phone", phone)).Value);
        if (person.Email is { } email)
            yield return index.Of("email", Profile.Normalised(new("email", email)).Value);
    }

    /// <summary>Exactly one of the criteria. By POST, so that no phone or name stands in a URL or its logs.</summary>
    public sealed record Search(
        Guid? Id = null,
        ExternalId? ExternalId = null,
        [property: StringLength(40)] string? Phone = null,
        [property: StringLength(254)] string? Email = null,
        [property: StringLength(200, MinimumLength = 1)] string? Name = null,
        int? Limit = null,
        string? After = null
    );

    public sealed record Entry
    {
        public Guid Id { get; init; }
        public string Kind { get; init; } = "";
        public string? Name { get; init; }
        public string? Source { get; init; }
        public string[] Tags { get; init; } = [];
        public DateTime RegisteredAt { get; init; }
        public long Version { get; init; }
        public bool Forgotten { get; init; }
    }

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

    const string Columns = "id, kind, name, source, tags, registered_at as RegisteredAt, version, forgotten";

    public static void Map(CrmService room)
    {
        room.MapGet(
                "",
                "List customers",
                "customers.read",
                async (string? kind, string? tag, string? source, int? limit, string? after, NpgsqlDataSource db, CancellationToken ct) =>
                    await List(
                        db,
                        "(@kind::text is null or kind = @kind) and (@tag::text is null or @tag = any(tags)) and (@source::text is null or source = @source)",
                        new()
                        {
                            ["kind"] =
                                kind is null ? null
                                : Enum.TryParse<CustomerKind>(kind, true, out var k) ? k.ToString()
                                : throw new BadRequestException("kind", "individual or enterprise"),
                            ["tag"] = tag,
                            ["source"] = source,
                        },
                        limit,
                        after,
                        ct
                    )
            )
            .WithName("GetCustomers");
        room.MapPost(
                "search",
                "Find customers by id, external id, phone, e-mail or name",
                "customers.read",
                async (Search search, NpgsqlDataSource db, PersonalIndex index, CancellationToken ct) =>
                {
                    if (
                        new object?[] { search.Id, search.ExternalId, search.Phone, search.Email, search.Name }.Count(c => c is not null)
                        != 1
                    )
                        throw new BadRequestException("search", "exactly one of id, externalId, phone, email, name");
                    var (where, values) = search switch
                    {
                        { Id: { } id } => ("id = @id", new Dictionary<string, object?> { ["id"] = id }),
                        { ExternalId: { } x } => (
                            "id in (select customer_id from directory_external_ids where system = @system and value = @value)",
                            new() { ["system"] = x.System, ["value"] = x.Value }
                        ),
                        { Name: { } name } => (
                            "lower(name) like '%' || @name || '%' escape '\\'",
                            new()
                            {
                                ["name"] = name.Trim()
                                    .ToLowerInvariant()
                                    .Replace("\\", "\\\\", StringComparison.Ordinal)
                                    .Replace("%", "\\%", StringComparison.Ordinal)
                                    .Replace("_", "\\_", StringComparison.Ordinal),
                            }
                        ),
                        _ => (
                            "id in (select customer_id from directory_contacts where hash = @hash)",
                            new() { ["hash"] = Hash(index, search) }
                        ),
                    };
                    return await List(db, where, values, search.Limit, search.After, ct);
                }
            )
            .WithName("SearchCustomers");
    }

    static byte[] Hash(PersonalIndex index, Search search)
    {
        var contact = Profile.Normalised(search.Phone is { } phone ? new("phone", phone) : new("email", search.Email!));
        return index.Of(contact.Kind, contact.Value);
    }

    static async Task<Page<Entry>> List(
        NpgsqlDataSource db,
        string where,
        Dictionary<string, object?> values,
        int? limit,
        string? after,
        CancellationToken ct
    )
    {
        var (size, from) = (
            PageLimit.Of(limit),
            after is null ? Guid.Empty
            : Guid.TryParse(after, out var cursor) ? cursor
            : throw new BadRequestException("after", "the cursor of the page before")
        );
        var rows = await db.Query<Entry>(
            $"select {Columns} from directory where id > @from and {where} order by id limit @size + 1",
            new DynamicParameters(new Dictionary<string, object?>(values) { ["from"] = from, ["size"] = size }),
            ct
        );
        return Page.Of(rows, size, last => last.Id.ToString());
    }
}
