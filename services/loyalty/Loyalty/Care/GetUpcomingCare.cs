using System.ComponentModel;
using CrmPlatform.Loyalty.Care.Calendar;

namespace CrmPlatform.Loyalty.Care;

/// <summary>An occasion that comes up.</summary>
/// <param name="Occasion">Code of the occasion in the care plan.</param>
/// <param name="Year">Year of the occasion, in its calendar.</param>
/// <param name="Day">The day of the occasion itself.</param>
/// <param name="DueAt">When the greeting is due.</param>
public sealed record UpcomingOccasion(string Occasion, int Year, DateOnly Day, DateTimeOffset DueAt);

/// <summary>A customer with what comes up.</summary>
/// <param name="Personal">Withheld: birthdays are not among the occasions.</param>
/// <param name="Occasions">In the order in which they are due.</param>
public sealed record UpcomingCare(Guid CustomerId, PersonalShown Personal, IReadOnlyList<UpcomingOccasion> Occasions);

/// <summary>
/// Whose occasions come up in a span of time, customer by customer in the order of their ids; of those who are one person the survivor's.
/// The table says only that something is due; what it is says the customer's own stream, so one request looks at so many customers at most:
/// a page may be short and still have a next one.
/// </summary>
public static class GetUpcomingCare
{
    const int LookedAt = 400;
    const string Sql = """
        select customer_id from care_next c where next_at < @to and (@after::uuid is null or customer_id > @after)
            and not exists (select from customer_groups g where g.customer_id = c.customer_id and g.survivor_id <> g.customer_id)
        order by customer_id limit @LookedAt
        """;

    public static void Map(CrmService room) =>
        room.MapGet(
                "care/upcoming",
                "Who is greeted next",
                "loyalty.read",
                async (
                    [Description("Due from here on; now if left out.")] DateTimeOffset? from,
                    [Description("Due before here, at most 366 days later; 7 days later if left out.")] DateTimeOffset? to,
                    [Description("Only this occasion of the care plan.")] string? occasion,
                    int? limit,
                    string? after,
                    NpgsqlDataSource db,
                    EventStore store,
                    CareCalendar calendar,
                    TimeProvider clock,
                    PersonalReader reader,
                    CancellationToken ct
                ) =>
                {
                    var begin = (from ?? clock.GetUtcNow()).ToUniversalTime();
                    if (begin.Year is < 1902 or > 2099)
                        throw new BadRequestException("from", "an instant between 1902 and 2099");
                    var end = to?.ToUniversalTime() ?? begin.AddDays(7);
                    if (end <= begin || end - begin > TimeSpan.FromDays(366))
                        throw new BadRequestException("to", "an instant after from, at most 366 days later");
                    if (occasion is not null && !calendar.Plan.Occasions.ContainsKey(occasion))
                        throw new BadRequestException(
                            "occasion",
                            $"one of {string.Join(", ", calendar.Plan.Occasions.Keys.Order(StringComparer.Ordinal))}"
                        );
                    if (occasion is not null && IsBirthday(occasion))
                        reader.Require();
                    Guid? cursor =
                        after is null ? null
                        : Guid.TryParse(after, out var id) ? id
                        : throw new BadRequestException("after", "a cursor from a page's next");
                    var size = PageLimit.Of(limit);
                    List<Guid> customers;
                    await using (var connection = await db.OpenConnectionAsync(ct))
                        customers = (
                            await connection.QueryAsync<Guid>(
                                new CommandDefinition(
                                    Sql,
                                    new
                                    {
                                        to = end,
                                        after = cursor,
                                        LookedAt,
                                    },
                                    cancellationToken: ct
                                )
                            )
                        ).AsList();
                    var (found, looked) = (new List<UpcomingCare>(), 0);
                    for (; looked < customers.Count && found.Count < size; looked++)
                    {
                        var (care, _) = await store.Read(CustomerCare.Of(customers[looked]), ct);
                        var due = care.Occasions(calendar, end.AddTicks(-1))
                            .Where(d =>
                                d.At >= begin && (occasion is null || d.Occasion == occasion) && (reader.May || !IsBirthday(d.Occasion))
                            )
                            .Select(d => new UpcomingOccasion(d.Occasion, d.Year, d.Day, d.At))
                            .ToList();
                        if (due.Count > 0)
                            found.Add(new(customers[looked], reader.Of(forgotten: false), due));
                    }
                    await reader.Read([.. found.Where(f => f.Occasions.Any(o => IsBirthday(o.Occasion))).Select(f => f.CustomerId)]);
                    return new Page<UpcomingCare>(
                        found,
                        looked < customers.Count || customers.Count == LookedAt ? customers[looked - 1].ToString() : null
                    );

                    bool IsBirthday(string code) => calendar.Plan.Occasions[code].Kind == OccasionKind.Birthday;
                }
            )
            .ShowsMoreWith(Permissions.PersonalRead, "birthdays");
}
