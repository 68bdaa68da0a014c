using System.ComponentModel;
using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Churn;

/// <summary>What happened to the episodes that were declared in a month.</summary>
/// <param name="Month">First day of the month, by the company's calendar.</param>
/// <param name="Cause">The cause: the stated one, else the found one.</param>
/// <param name="Episodes">Episodes that were declared in it.</param>
/// <param name="WonBack">How many of them were closed by a purchase.</param>
/// <param name="Warned">How many of them had been warned of.</param>
/// <param name="MedianLeadDays">Median of the days from warning to declaration of those, with one decimal.</param>
public sealed record ChurnMonth(DateOnly Month, string Cause, long Episodes, long WonBack, long Warned, double? MedianLeadDays);

/// <summary>How likely it is that a customer still buys.</summary>
/// <param name="Band"><c>ok</c> from P(alive) 0.5 on, <c>watch</c> from 0.3 on, <c>risk</c> from 0.2 on, else <c>critical</c>.</param>
/// <param name="Since">When it began.</param>
/// <param name="ModelId">The model that said so.</param>
/// <param name="SourceEvent">Id of the event that says so.</param>
public sealed record RiskNow(RiskBand Band, DateTimeOffset Since, Guid ModelId, Guid SourceEvent);

/// <summary>A customer's leaving and coming back.</summary>
/// <param name="CustomerId">Id of the customer who was asked for.</param>
/// <param name="Group">The group of which all of this is said, since the customer is a member; null for one who is alone.</param>
/// <param name="Risk">The band; null while it has always been ok, or no model was ever active.</param>
/// <param name="Episodes">Newest first; revoked ones too.</param>
public sealed record CustomerChurnView(Guid CustomerId, GroupNow? Group, RiskNow? Risk, IReadOnlyList<EpisodeView> Episodes);

/// <summary>The episodes: listed, counted, and those of one customer.</summary>
public static class GetChurn
{
    const int MostMonths = 24;

    public static void Map(CrmService room)
    {
        room.MapGet("churn", "Who has left, newest first", "segmentation.read", Episodes)
            .WithName("GetChurn")
            .Produces<Page<EpisodeView>>();
        room.MapGet(
                "churn/summary",
                "Episodes of churn by month and cause, the last 24 months",
                "segmentation.read",
                (NpgsqlDataSource db, Business business, TimeProvider clock, CancellationToken ct) =>
                {
                    var today = business.DayOf(clock.GetUtcNow());
                    var first = new DateOnly(today.Year, today.Month, 1).AddMonths(1 - MostMonths);
                    return db.Query<ChurnMonth>(
                        $"""
                        select date_trunc('month', e.declared_at at time zone @zone)::date as month, {EpisodeRow.CauseOf} as cause,
                            count(*) as episodes, count(*) filter (where e.state = 'Closed') as won_back, count(e.warned_at) as warned,
                            round((percentile_cont(0.5) within group (order by extract(epoch from e.declared_at - e.warned_at))
                                / 86400.0)::numeric, 1)::float8 as median_lead_days
                        from {EpisodeRow.From}
                        where e.state <> 'Revoked' and e.declared_at >= @from
                        group by 1, 2 order by 1 desc, 3 desc, 2
                        """,
                        new { zone = business.TimeZone, from = business.StartOf(first) },
                        ct
                    );
                }
            )
            .WithName("GetChurnSummary");
        room.MapGet("customers/{id:guid}/churn", "Whether a customer has left, when and why", "segmentation.read", OfCustomer)
            .WithName("GetCustomerChurn")
            .Produces<CustomerChurnView>();
    }

    static async Task<IResult> Episodes(
        [Description("Declared from this day or instant on.")] string? from,
        [Description("Declared until the end of this day, or this instant.")] string? until,
        [Description("Only with this cause, as stated or else as found.")] [Code] string? cause,
        NpgsqlDataSource db,
        Business business,
        int? limit,
        string? after,
        CancellationToken ct
    )
    {
        var (size, (at, id)) = (PageLimit.Of(limit), TimeCursor.Parse(after));
        var rows = await db.Query<EpisodeRow>(
            $"""
            select {EpisodeRow.Columns} from {EpisodeRow.From}
            where e.state <> 'Revoked' and (@cause::text is null or {EpisodeRow.CauseOf} = @cause)
                and (@from::timestamptz is null or e.declared_at >= @from) and (@until::timestamptz is null or e.declared_at <= @until)
                and (@at::timestamptz is null or (e.declared_at, e.episode_id) < (@at, @id))
            order by e.declared_at desc, e.episode_id desc limit @size + 1
            """,
            new
            {
                cause,
                from = From(business, from),
                until = business.Moment("until", until),
                at,
                id,
                size,
            },
            ct
        );
        return Results.Ok(Page.Of(rows, size, r => r.Shown, r => TimeCursor.Of(r.DeclaredAt, r.EpisodeId)));
    }

    static async Task<IResult> OfCustomer(Guid id, NpgsqlDataSource db, CancellationToken ct)
    {
        var group = await CustomerGroups.Of(db, id, ct);
        var survivor = group.SurvivorId;
        if (!await db.QuerySingle<bool>("select exists (select from churn_facts where customer_id = @survivor)", new { survivor }, ct))
            return Answer.NotFound("purchase of customer", id);
        var risk = await db.QuerySingleOrDefault<(string Band, DateTimeOffset Since, Guid Model, Guid Event)?>(
            "select band, since, model_id, event_id from churn_risks where customer_id = @survivor",
            new { survivor },
            ct
        );
        var episodes = await db.Query<EpisodeRow>(
            $"select {EpisodeRow.Columns} from {EpisodeRow.From} where e.customer_id = @survivor order by e.declared_at desc, e.episode_id",
            new { survivor },
            ct
        );
        return Results.Ok(
            new CustomerChurnView(
                id,
                group.IsAlone ? null : new(survivor, group.Members),
                risk is { } r ? new(Enum.Parse<RiskBand>(r.Band), r.Since, r.Model, r.Event) : null,
                [.. episodes.Select(e => e.Shown)]
            )
        );
    }

    static DateTimeOffset? From(Business business, string? from) =>
        business.Moment("from", from) is not { } moment ? null
        : from!.Length == 10 ? business.StartOf(business.DayOf(moment))
        : moment;
}
