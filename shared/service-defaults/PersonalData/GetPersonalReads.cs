using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Who was shown whose personal text in this room, newest first.</summary>
static class GetPersonalReads
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "personal-reads",
                "Who was shown whose personal text, newest first",
                "personal.audit",
                async (
                    Guid? customerId,
                    [Description("Only what was shown to this client, subject or actor.")] string? by,
                    DateTimeOffset? from,
                    DateTimeOffset? until,
                    int? limit,
                    string? after,
                    PersonalReads reads,
                    NpgsqlDataSource db,
                    CancellationToken ct
                ) =>
                {
                    var size = PageLimit.Of(limit);
                    var (at, id) = TimeCursor.Parse(after);
                    await reads.Flush(ct);
                    var rows = await db.Query<PersonalRead>(
                        """
                        select id, at, client, subject, actor, operation, customer_id, correlation_id from personal_reads
                        where (@customerId::uuid is null or customer_id = @customerId)
                            and (@by::text is null or @by in (client, subject, actor))
                            and (@begin::timestamptz is null or at >= @begin) and (@end::timestamptz is null or at < @end)
                            and (@at::timestamptz is null or (at, id) < (@at, @id))
                        order by at desc, id desc limit @size + 1
                        """,
                        new
                        {
                            customerId,
                            by,
                            begin = from,
                            end = until,
                            at,
                            id,
                            size,
                        },
                        ct
                    );
                    return Page.Of(rows, size, last => TimeCursor.Of(last.At, last.Id));
                }
            )
            .WithTags("personal data");
}
