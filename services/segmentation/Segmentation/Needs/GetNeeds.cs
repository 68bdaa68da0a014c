using System.ComponentModel;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>How many customers have a need.</summary>
/// <param name="Code">The need.</param>
/// <param name="Declared">Customers of whom it was said.</param>
/// <param name="Low">Customers of whom it is inferred, not strongly.</param>
/// <param name="High">Customers of whom it is inferred strongly.</param>
/// <param name="Judged">Customers with at least five orders in the window of the latest run; null of a need that is not inferred, and
/// before the first run.</param>
/// <param name="Mean">m: the share of all orders that show it, rounded to six decimals.</param>
/// <param name="Deviation">σ: standard deviation of the strengths of those who were judged.</param>
/// <param name="Off">True where more than nine orders in ten show it: then it is inferred of nobody.</param>
/// <param name="RunId">The latest run.</param>
public sealed record NeedRow(
    string Code,
    long Declared,
    long Low,
    long High,
    int? Judged,
    double? Mean,
    double? Deviation,
    bool? Off,
    Guid? RunId
);

/// <summary>A customer who has a need.</summary>
/// <param name="CustomerId">The customer; of a group, the survivor.</param>
/// <param name="Origin"><c>declared</c> or <c>inferred</c>.</param>
/// <param name="Band">Of an inferred need: <c>low</c> or <c>high</c>.</param>
/// <param name="Since">Since when it is so.</param>
public sealed record NeedyCustomer(
    Guid CustomerId,
    [property: OneOf("declared", "inferred")] string Origin,
    NeedBand? Band,
    DateTimeOffset Since,
    Guid SourceEvent
);

/// <summary>What customers care about, counted and listed.</summary>
public static class GetNeeds
{
    public static void Map(CrmService room)
    {
        room.MapGet("needs", "How many customers have which need", "segmentation.read", Counts).WithName("GetNeeds");
        room.MapGet("needs/{code}/customers", "Who has a need", "segmentation.read", Customers).WithName("GetNeedCustomers");
    }

    static async Task<IReadOnlyList<NeedRow>> Counts(NpgsqlDataSource db, CancellationToken ct)
    {
        var run = await NeedsRunList.Latest(db, ct);
        var found = (
            await db.Query<(string Code, string Kind, long Customers)>(
                "select code, coalesce(band, 'Declared'), count(*) from customer_needs group by 1, 2",
                null,
                ct
            )
        ).ToDictionary(f => (f.Code, f.Kind), f => f.Customers);
        return [.. NeedCodes.All.Select(Row)];

        NeedRow Row(string code)
        {
            var scale = run?.Fact.Scales.FirstOrDefault(s => s.Code == code);
            return new(
                Code: code,
                Declared: found.GetValueOrDefault((code, "Declared")),
                Low: found.GetValueOrDefault((code, nameof(NeedBand.Low))),
                High: found.GetValueOrDefault((code, nameof(NeedBand.High))),
                Judged: scale?.Judged,
                Mean: scale is null ? null : Math.Round(scale.Mean, 6),
                Deviation: scale?.Deviation,
                Off: scale?.Off,
                RunId: scale is null ? null : run!.Id
            );
        }
    }

    static async Task<Page<NeedyCustomer>> Customers(
        [NeedCode] string code,
        [Description("Only those of whom it is inferred so strongly.")] [OneOf(null, "low", "high")] string? band,
        NpgsqlDataSource db,
        int? limit,
        Guid? after,
        CancellationToken ct
    )
    {
        var size = PageLimit.Of(limit);
        var rows = await db.Query<(Guid CustomerId, string Origin, string? Band, DateTimeOffset Since, Guid SourceEvent)>(
            """
            select customer_id, origin, band, since, source_event from customer_needs
            where code = @code and (@band::text is null or lower(band) = @band) and (@after::uuid is null or customer_id > @after)
            order by customer_id limit @size + 1
            """,
            new
            {
                code,
                band,
                after,
                size,
            },
            ct
        );
        return Page.Of(
            rows,
            size,
            r => new NeedyCustomer(r.CustomerId, r.Origin, r.Band is null ? null : Enum.Parse<NeedBand>(r.Band), r.Since, r.SourceEvent),
            r => r.CustomerId.ToString()
        );
    }
}
