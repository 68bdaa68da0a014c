using CrmPlatform.Customers.Tags;

namespace CrmPlatform.Customers.Profiles;

/// <summary>Words that customers have had since before there was a dictionary become tags of it.</summary>
public sealed class DefineOldTags : IDueWork
{
    public string Name => "define-old-tags";
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct) =>
        from word in await connection.QueryAsync<string>(
            // From each word to the next by the index, whatever the number of customers who have it.
            new CommandDefinition(
                $"""
                with recursive words as (
                    (select tag from tag_members order by tag limit 1)
                    union all
                    select (select m.tag from tag_members m where m.tag > w.tag order by m.tag limit 1) from words w
                    where w.tag is not null)
                select tag from words where tag is not null and not exists (select 1 from tag_dictionary d where d.code = words.tag)
                limit greatest(0, {TagDictionary.Most} - coalesce((select codes from tag_count), 0))
                """,
                cancellationToken: ct
            )
        )
        where word == Keys.Normal(word)
        select Write.To(Tag.Of(word), tag => tag.Code is null ? new ITagEvent[] { new TagDefined(word, TagDefinition.Plain, now) } : []);
}
