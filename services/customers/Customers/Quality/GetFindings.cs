using System.ComponentModel;

namespace CrmPlatform.Customers.Quality;

/// <summary>A rule that a customer's profile breaks.</summary>
public sealed record FindingListed
{
    /// <summary>Whose profile it is.</summary>
    public Guid CustomerId { get; init; }

    /// <summary>The rule that it breaks.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The field that it is about.</summary>
    public string Field { get; init; } = "";

    /// <summary>What breaking it means.</summary>
    public RuleSeverity Severity { get; init; }

    /// <summary><c>open</c> or <c>waived</c>.</summary>
    public FindingStatus Status { get; init; }

    /// <summary>Since when: when the fact happened that broke it, or the time was up.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Why it was waived, as a code; null if it was not.</summary>
    public string? Reason { get; init; }

    /// <summary>Until before when it is waived; null if for good, or not at all.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What is to be mended, by customer and rule. It holds ids and codes only.</summary>
public static class GetFindings
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "quality/findings",
                "List findings of data quality",
                "customers.quality.read",
                async (
                    [Description("Only findings of this rule.")] string? rule,
                    [Description("Only of customers whom this system registered.")] string? source,
                    [Description("open (default) or waived.")] string? status,
                    int? limit,
                    string? after,
                    NpgsqlDataSource db,
                    KnownRules known,
                    TimeProvider clock,
                    CancellationToken ct
                ) =>
                {
                    var (size, (customer, last)) = (PageLimit.Of(limit), Cursor(after));
                    var rules = await known.Now(ct);
                    if (rule is not null)
                        FindingRows.Known(rules, rule);
                    var parameters = FindingRows.Parameters(rules, clock.GetUtcNow(), rule, source);
                    parameters.AddDynamicParams(
                        new
                        {
                            size,
                            customer,
                            last,
                        }
                    );
                    var rows = await db.Query<FindingListed>(
                        $"""
                        {FindingRows.Sql(
                            rule,
                            StatusOf(status)
                        )} and (@customer::uuid is null or (q.customer_id, {(rule is null ? "r.rule" : "@rule")}) > (@customer, @last))
                        order by q.customer_id{(rule is null ? ", r.rule" : "")} limit @size + 1
                        """,
                        parameters,
                        ct
                    );
                    return Page.Of(rows, size, Shown, l => $"{l.CustomerId:N}_{l.Rule}");

                    FindingListed Shown(FindingListed row) =>
                        FindingRows.Known(rules, row.Rule) is var of ? row with { Field = of.Check.Field, Severity = of.Severity } : row;
                }
            )
            .Refuses("rule-unknown");

    internal static FindingStatus StatusOf(string? status) =>
        status switch
        {
            null or "open" => FindingStatus.Open,
            "waived" => FindingStatus.Waived,
            _ => throw new BadRequestException("status", "open or waived"),
        };

    static (Guid? Customer, string? Rule) Cursor(string? after) =>
        after is null ? (null, null)
        : after.Split('_') is [var id, var rule] && Guid.TryParseExact(id, "N", out var customer) && QualityChecks.Of(rule) is not null
            ? (customer, rule)
        : throw new BadRequestException("after", "a cursor from a page's next");
}
