using System.ComponentModel;
using System.Text.Json.Serialization;
using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>A customer in a list.</summary>
public sealed record DirectoryEntry
{
    /// <summary>Id of the customer.</summary>
    public Guid Id { get; init; }

    /// <summary><c>individual</c> for a person, <c>enterprise</c> for a company.</summary>
    public CustomerKind Kind { get; init; }

    /// <summary>Whether the name is shown, if there is one.</summary>
    public PersonalShown Personal { get; init; }

    /// <summary>The name; null where none is known or it is withheld, and once the customer is forgotten.</summary>
    public string? Name { get; init; }

    /// <summary>The system that the customer came from; null if it was not named.</summary>
    public string? Source { get; init; }

    /// <summary>The words on the customer.</summary>
    public string[] Tags { get; init; } = [];

    /// <summary>When the customer became known.</summary>
    public DateTime RegisteredAt { get; init; }
    public long Version { get; init; }

    /// <summary>True once the customer asked to be forgotten.</summary>
    public bool Forgotten { get; init; }

    /// <summary>The customer under whose id the group is shown that this one is in; null if it is alone.</summary>
    public Guid? SurvivorId { get; init; }

    /// <summary>The fact of the customer that has the name.</summary>
    [JsonIgnore]
    public long? NameVersion { get; init; }
}

/// <summary>The customers, by kind, tag or source if wanted.</summary>
public sealed class GetCustomers(NpgsqlDataSource db, EventStore store, PersonalReader reader, TimeProvider clock)
{
    const string Columns = """
        id, kind, source, registered_at, version, forgotten,
        array(
            select coalesce(d.canonical, m.tag) from tag_members m left join tag_dictionary d on d.code = m.tag
            where m.customer_id = directory.id and (m.until is null or m.until > @now)
            group by 1 order by min(m.since), 1) as tags,
        (select n.version from directory_names n where n.customer_id = directory.id) as name_version,
        (select g.survivor_id from customer_groups g where g.customer_id = directory.id) as survivor_id
        """;

    // A clause that may be null, or a list of one code, would keep the database from reading the tag's members in the order of their ids.
    static string Tagged(string[] codes) =>
        codes is [] ? "" : $"and id in (select m.customer_id from tag_members m where m.tag {Any(codes)} and {Present})";

    const string Present = "(m.until is null or m.until > @now)";

    static string Any(string[] codes) => codes is [_] ? "= @tags[1]" : "= any(@tags)";

    public static void Map(CrmService room) =>
        room.MapGet(
                "",
                "List customers",
                "customers.read",
                async (
                    [Description("Only individual or enterprise.")] string? kind,
                    [Description("Only customers with this tag.")] string? tag,
                    [Description("Only customers who came from this system.")] string? source,
                    int? limit,
                    string? after,
                    GetCustomers customers,
                    KnownTags tags,
                    CancellationToken ct
                ) =>
                {
                    var codes = tag is null ? [] : await tags.SameAs(tag, ct);
                    return await customers.List(
                        $"""
                        (@kind::text is null or kind = @kind) and (@source::text is null or source = @source)
                            {Tagged(codes)}
                        """,
                        new()
                        {
                            ["kind"] =
                                kind is null ? null
                                : Enum.TryParse<CustomerKind>(kind, true, out var k) && Enum.IsDefined(k) ? k.ToString()
                                : throw new BadRequestException("kind", "individual or enterprise"),
                            ["tags"] = codes,
                            ["source"] = source,
                        },
                        limit,
                        after,
                        ct
                    );
                }
            )
            .ShowsMoreWith(Permissions.PersonalRead, "names");

    /// <param name="foundByPersonalText">That they are found says something of them, also where no name is shown.</param>
    public async Task<Page<DirectoryEntry>> List(
        string where,
        Dictionary<string, object?> values,
        int? limit,
        string? after,
        CancellationToken ct,
        bool foundByPersonalText = false
    )
    {
        var (size, from) = (PageLimit.Of(limit), Cursor(after));
        var rows = await db.Query<DirectoryEntry>(
            $"select {Columns} from directory where id > @from and {where} order by id limit @size + 1",
            new DynamicParameters(
                new Dictionary<string, object?>(values)
                {
                    ["from"] = from,
                    ["size"] = size,
                    ["now"] = clock.GetUtcNow(),
                }
            ),
            ct
        );
        var page = Page.Of(rows, size, last => last.Id.ToString());
        var names = reader.May ? await SealedNames.Of(store, page.Items.Where(HasName).Select(Place), ct) : [];
        await reader.Read([.. page.Items.Select(e => e.Id).Where(id => foundByPersonalText || names.ContainsKey(id))]);
        return page with
        {
            Items = [.. page.Items.Select(e => e with { Name = names.GetValueOrDefault(e.Id), Personal = reader.Of(e.Forgotten) })],
        };
    }

    public static Guid Cursor(string? after) =>
        after is null ? Guid.Empty
        : Guid.TryParse(after, out var cursor) ? cursor
        : throw new BadRequestException("after", "the cursor of the page before");

    static bool HasName(DirectoryEntry entry) => entry.NameVersion is not null;

    static (Guid Stream, long Version) Place(DirectoryEntry entry) => (entry.Id, entry.NameVersion!.Value);
}
