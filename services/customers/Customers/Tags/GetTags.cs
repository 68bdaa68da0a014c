using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmPlatform.Customers.Tags;

/// <summary>What may be done with a tag.</summary>
public enum TagState
{
    Active,

    /// <summary>Nobody is given it any more.</summary>
    Retired,

    /// <summary>It is a spelling of another tag.</summary>
    Joined,
}

/// <summary>A tag of the dictionary, and how many customers have it now.</summary>
public sealed record TagShown
{
    /// <summary>The word that names the tag for ever.</summary>
    public string Code { get; init; } = "";

    /// <summary>What it is called, by language tag; empty for a word that was used before it was defined.</summary>
    public IReadOnlyDictionary<string, string> Names => JsonSerializer.Deserialize<Dictionary<string, string>>(NamesJson)!;

    [JsonIgnore]
    public string NamesJson { get; init; } = "{}";

    /// <summary>A customer has one tag of a group at most; null for a tag that goes with every other.</summary>
    public string? Group { get; init; }

    /// <summary>How many days of 24 hours it stays on a customer; null if it stays.</summary>
    public int? ExpiresDays { get; init; }

    /// <summary>True if rules and inferences must not give it.</summary>
    public bool Sensitive { get; init; }

    /// <summary><c>active</c>; <c>retired</c>: nobody is given it any more; <c>joined</c>: it is a spelling of <c>into</c>.</summary>
    public TagState State { get; init; }

    /// <summary>The tag that it was joined into; null if it was not.</summary>
    public string? Into { get; init; }

    /// <summary>How many customers have it, each counted once; those of a joined tag are counted where it was joined into.</summary>
    public long Customers { get; init; }

    /// <summary>How many have it because a person says so.</summary>
    public long Manual { get; init; }

    /// <summary>How many have it because an import says so.</summary>
    public long Import { get; init; }

    /// <summary>How many have it because a rule says so.</summary>
    public long Rule { get; init; }

    /// <summary>How many have it because it was inferred.</summary>
    public long Inferred { get; init; }
    public long Version { get; init; }

    [JsonIgnore]
    public Guid Id { get; init; }
}

/// <summary>The dictionary by code, with the number of customers by origin.</summary>
public static class GetTags
{
    const string Sql = """
        select d.id, d.code, d.names::text as names_json, d.tag_group as "group", d.expires_days, d.sensitive, d.into_code as "into",
            d.version, case when d.into_code is not null then 'Joined' when d.retired then 'Retired' else 'Active' end as state,
            n.customers, n.manual, n.import, n.rule, n.inferred
        from tag_dictionary d
        cross join lateral (
            select count(*) as customers, count(*) filter (where c.manual) as manual, count(*) filter (where c.import) as import,
                count(*) filter (where c.rule) as rule, count(*) filter (where c.inferred) as inferred
            from (
                select bool_or(m.origin = 'Manual') as manual, bool_or(m.origin = 'Import') as import,
                    bool_or(m.origin = 'Rule') as rule, bool_or(m.origin = 'Inferred') as inferred
                from tag_dictionary same join tag_members m on m.tag = same.code
                where same.canonical = d.code and (m.until is null or m.until > @now) group by m.customer_id) c) n
        where (@code::text is null or d.code = @code) and (@after::text is null or d.code > @after)
        order by d.code limit @size + 1
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
            "tags",
            "The dictionary of tags, with how many customers have each",
            "customers.read",
            async (
                [Description("Only this tag.")] string? code,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                TimeProvider clock,
                CancellationToken ct
            ) =>
            {
                var (size, from) = (PageLimit.Of(limit), await Cursor(after, db, ct));
                var rows = await db.Query<TagShown>(
                    Sql,
                    new
                    {
                        code = code is null ? null : Keys.Normal(code),
                        after = from,
                        size,
                        now = clock.GetUtcNow(),
                    },
                    ct
                );
                return Page.Of(rows, size, last => last.Id.ToString());
            }
        );

    /// <summary>Cursors are ids: a code may hold any character.</summary>
    static async Task<string?> Cursor(string? after, NpgsqlDataSource db, CancellationToken ct) =>
        after is null ? null
        : Guid.TryParse(after, out var id)
        && await db.QuerySingleOrDefault<string>("select code from tag_dictionary where id = @id", new { id }, ct) is { } code
            ? code
        : throw new BadRequestException("after", "the cursor of the page before");
}
