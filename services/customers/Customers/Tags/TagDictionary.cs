using System.Text.Json;

namespace CrmPlatform.Customers.Tags;

/// <summary>The definitions, and how many there are: the database refuses one too many, however many are defined at once.</summary>
public sealed class TagDictionary : IProjection
{
    /// <summary>How many tags there are at most, retired and joined ones included.</summary>
    public const int Most = 5_000;

    /// <summary>The constraint that holds the number.</summary>
    public const string Limit = "tag_count_limit";

    public string Name => "tag-dictionary";

    public string Ddl =>
        $$"""
            create table if not exists tag_dictionary (
                code text collate "C" primary key, id uuid not null unique, names jsonb not null, tag_group text, expires_days int,
                sensitive bool not null, retired bool not null default false, into_code text collate "C", joined_at timestamptz,
                canonical text collate "C" not null, version bigint not null);
            create index if not exists tag_dictionary_canonical on tag_dictionary (canonical);
            create table if not exists tag_count (
                one bool primary key, codes int not null, constraint {{Limit}} check (codes <= {{Most}}))
            """;

    public void Register(EventHandlers on) =>
        on.On<TagDefined>(
                (t, e, sql) =>
                    sql.Add(
                            """
                            insert into tag_dictionary (code, id, names, tag_group, expires_days, sensitive, canonical, version)
                            values ($1, $2, $3::jsonb, $4, $5, $6, $1, $7)
                            """,
                            t.Code,
                            e.StreamId,
                            Json(t.Definition),
                            t.Definition.Group,
                            t.Definition.ExpiresDays,
                            t.Definition.Sensitive,
                            e.Version
                        )
                        .Add(
                            """
                            insert into tag_count (one, codes) values (true, 1)
                            on conflict (one) do update set codes = tag_count.codes + 1
                            """
                        )
            )
            .On<TagRevised>(
                (t, e, sql) =>
                    sql.Add(
                        """
                        update tag_dictionary set names = $2::jsonb, tag_group = $3, expires_days = $4, sensitive = $5, version = $6
                        where id = $1
                        """,
                        e.StreamId,
                        Json(t.Definition),
                        t.Definition.Group,
                        t.Definition.ExpiresDays,
                        t.Definition.Sensitive,
                        e.Version
                    )
            )
            .On<TagRetired>(
                (_, e, sql) => sql.Add("update tag_dictionary set retired = true, version = $2 where id = $1", e.StreamId, e.Version)
            )
            .On<TagJoined>(
                (t, e, sql) =>
                    sql.Add(
                            "update tag_dictionary set into_code = $2, joined_at = $3, version = $4 where id = $1",
                            e.StreamId,
                            t.Into,
                            t.OccurredAt,
                            e.Version
                        )
                        .Add(
                            """
                            update tag_dictionary set canonical = $2 where canonical = (select code from tag_dictionary where id = $1)
                            """,
                            e.StreamId,
                            t.Into
                        )
            )
            .On<TagTookIn>((_, e, sql) => sql.Add("update tag_dictionary set version = $2 where id = $1", e.StreamId, e.Version));

    /// <summary>Runs a write that may define tags.</summary>
    /// <exception cref="RuleViolationException"><c>too-many-tags</c>: there would be more than <see cref="Most"/>.</exception>
    public static async Task<T> Within<T>(Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (PostgresException e) when (e.ConstraintName == Limit)
        {
            throw new RuleViolationException("too-many-tags", $"There are {Most} tags already, so no new word can become one.", "tag");
        }
    }

    static string Json(TagDefinition definition) => JsonSerializer.Serialize(definition.Names ?? new Dictionary<string, string>());
}
