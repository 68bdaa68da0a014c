using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrmPlatform.Loyalty.Activities;

/// <summary>An activity.</summary>
public sealed record ActivityShown
{
    /// <summary>Id of the activity.</summary>
    public Guid ActivityId { get; init; }

    /// <summary>What it is called, by language tag: <c>zh-CN</c>, <c>en</c>.</summary>
    public IReadOnlyDictionary<string, string> Titles => JsonSerializer.Deserialize<Dictionary<string, string>>(TitlesJson)!;

    [JsonIgnore]
    public string TitlesJson { get; init; } = "{}";

    /// <summary>Where it is.</summary>
    public string Place { get; init; } = "";

    /// <summary>When it begins.</summary>
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>How many have a place.</summary>
    public int Capacity { get; init; }

    /// <summary>How many have one, those who attended included.</summary>
    public long Joined { get; init; }

    /// <summary>How many wait for one.</summary>
    public long Waiting { get; init; }

    /// <summary>How many were there.</summary>
    public long Attended { get; init; }

    /// <summary>Members sign up from here on.</summary>
    public DateTimeOffset SignUpFrom { get; init; }

    /// <summary>They sign up until before here.</summary>
    public DateTimeOffset SignUpUntil { get; init; }

    /// <summary>The lowest tier that may sign up; null for all.</summary>
    public string? MinimumTier { get; init; }

    /// <summary>Points for being there.</summary>
    public long AttendancePoints { get; init; }

    /// <summary>True if it does not take place.</summary>
    public bool Cancelled { get; init; }
    public long Version { get; init; }
}

/// <summary>The activities, one or page by page in the order in which they begin.</summary>
public static class GetActivities
{
    const string Columns = """
        select a.activity_id, a.titles::text as titles_json, a.place, a.starts_at, a.ends_at, a.capacity,
            a.sign_up_from, a.sign_up_until, a.minimum_tier, a.attendance_points, a.cancelled is not null as cancelled, a.version,
            (select count(*) from activity_member m where m.activity_id = a.activity_id and m.state in ('Joined', 'Attended')) as joined,
            (select count(*) from activity_member m where m.activity_id = a.activity_id and m.state = 'Waiting') as waiting,
            (select count(*) from activity_member m where m.activity_id = a.activity_id and m.state = 'Attended') as attended
        from activity a
        """;
    const string Paged =
        Columns
        + """

            where (@from::timestamptz is null or a.starts_at >= @from) and (@to::timestamptz is null or a.starts_at < @to)
                and (@at::timestamptz is null or (a.starts_at, a.activity_id) > (@at, @id))
            order by a.starts_at, a.activity_id limit @take
            """;

    public static void Map(CrmService room)
    {
        room.MapGet(
            "activities",
            "Activities, by their beginning",
            "loyalty.read",
            async (
                [Description("Only those that begin from here on.")] DateTimeOffset? from,
                [Description("Only those that begin before here.")] DateTimeOffset? to,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                CancellationToken ct
            ) =>
            {
                var (cursor, size) = (Cursor(after), PageLimit.Of(limit));
                var found = await db.Query<ActivityShown>(
                    Paged,
                    new
                    {
                        from = from?.ToUniversalTime(),
                        to = to?.ToUniversalTime(),
                        at = cursor?.At,
                        id = cursor?.Id ?? Guid.Empty,
                        take = size + 1,
                    },
                    ct
                );
                return Page.Of(found, size, last => $"{last.StartsAt.UtcTicks}.{last.ActivityId}");
            }
        );

        room.MapGet(
                "activities/{id:guid}",
                "One activity",
                "loyalty.read",
                async (Guid id, NpgsqlDataSource db, HttpResponse response, CancellationToken ct) =>
                {
                    if (await db.QuerySingleOrDefault<ActivityShown>(Columns + " where a.activity_id = @id", new { id }, ct) is not { } row)
                        return (IResult)Answer.NotFound("activity", id);
                    response.Headers.ETag = $"\"{row.Version}\"";
                    return TypedResults.Ok(row);
                }
            )
            .WithName("GetActivity")
            .Produces<ActivityShown>();
    }

    static (DateTimeOffset At, Guid Id)? Cursor(string? after)
    {
        if (after is null)
            return null;
        var parts = after.Split('.');
        return
            parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTime.MaxValue.Ticks
            && Guid.TryParse(parts[1], out var id)
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), id)
            : throw new BadRequestException("after", "a cursor from a page's next");
    }
}
