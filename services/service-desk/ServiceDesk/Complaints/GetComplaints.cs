using System.ComponentModel;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>A complaint in the register: codes and times, no text.</summary>
/// <param name="TicketId">The ticket that it is.</param>
/// <param name="Category">What it is about, as a code.</param>
/// <param name="Channel">How the customer contacted the desk, as a code.</param>
/// <param name="Tier">The customer's tier at the opening; null if there was none.</param>
/// <param name="OpenedAt">When the customer complained.</param>
/// <param name="Severity">As it was judged last; null if it never was.</param>
/// <param name="Status">Of the ticket.</param>
/// <param name="Agent">The subject of who has the ticket; null if nobody does.</param>
/// <param name="Cause">As it was decided, or solved without a decision; null before.</param>
/// <param name="Area">The area of the cause; null if the settings do not name the cause.</param>
/// <param name="Outcome"><c>upheld</c>, <c>partly</c>, <c>rejected</c> or <c>withdrawn</c>; null if it is not decided.</param>
/// <param name="DecidedAt">When it was decided; null if it is not.</param>
/// <param name="DecisionMinutes">Business minutes up to the decision, without waiting for the customer.</param>
/// <param name="Repeat">Whether the person had complained about the same cause in the 90 days before.</param>
public sealed record ComplaintRow(
    Guid TicketId,
    Guid CustomerId,
    string Category,
    string Channel,
    string? Tier,
    [property: OneOf(null, "minor", "major", "critical")] string? Severity,
    [property: OneOf("open", "waiting", "resolved", "closed")] string Status,
    string? Agent,
    DateTimeOffset OpenedAt,
    string? Cause,
    string? Area,
    [property: OneOf(null, "upheld", "partly", "rejected", "withdrawn")] string? Outcome,
    DateTimeOffset? DecidedAt,
    int? DecisionMinutes,
    bool Repeat
);

/// <summary>A cause that complaints may have.</summary>
/// <param name="Area">What it belongs to: <c>delivery</c>.</param>
/// <param name="Code">The cause: <c>lost-parcel</c>.</param>
public sealed record CauseCode(string Area, string Code);

/// <summary>The register of complaints, and what causes they may have.</summary>
static class GetComplaints
{
    const string Sql = $"""
        {ComplaintRegister.Rows}
        select ticket_id, customer_id, category, channel, tier, severity, status, agent, opened_at, cause, area, outcome, decided_at,
            decision_minutes, repeat
        from c where opened_at >= @from and (@cause::text is null or cause = @cause) and (@area::text is null or area = @area)
            and (@category::text is null or category = @category) and (@outcome::text is null or outcome = @outcome)
            and (@severity::text is null or severity = @severity) and (@repeats::bool is null or repeat = @repeats)
            and ticket_id <> all(@hidden) and (@at::timestamptz is null or (opened_at, ticket_id) < (@at, @id))
        order by opened_at desc, ticket_id desc limit @size + 1
        """;

    static readonly string[] severities = ["minor", "major", "critical"];

    public static void Map(CrmService room)
    {
        room.MapGet(
                "complaints",
                "The register: complaints that were opened in a period, newest first",
                "service-desk.read",
                async (
                    [Description("Complaints that were opened from here on.")] DateTimeOffset from,
                    [Description("Complaints that were opened before here.")] DateTimeOffset until,
                    [Description("Only complaints with this cause.")] string? cause,
                    [Description("Only complaints whose cause is in this area.")] string? area,
                    [Description("Only complaints about this.")] string? category,
                    [Description("Only upheld, partly, rejected or withdrawn ones.")] string? outcome,
                    [Description("Only minor, major or critical ones.")] string? severity,
                    [Description("Only repeats, or only others.")] bool? repeats,
                    int? limit,
                    string? after,
                    NpgsqlDataSource db,
                    DeskRules rules,
                    HiddenTickets hidden,
                    CancellationToken ct
                ) =>
                {
                    if (until <= from)
                        throw new BadRequestException("until", "later than from");
                    QueryWord.OneOf("outcome", outcome, DecideComplaint.Outcomes);
                    QueryWord.OneOf("severity", severity, severities);
                    var (at, id) = TimeCursor.Parse(after);
                    var parameters = ComplaintRegister.Parameters(from.ToUniversalTime(), until.ToUniversalTime(), rules);
                    parameters.AddDynamicParams(
                        new
                        {
                            cause,
                            area,
                            category,
                            outcome,
                            severity,
                            repeats,
                            hidden = await hidden.Ids(ct),
                            at,
                            id,
                            size = PageLimit.Of(limit),
                        }
                    );
                    var rows = await db.Query<ComplaintRow>(Sql, parameters, ct);
                    return Page.Of(rows, PageLimit.Of(limit), r => TimeCursor.Of(r.OpenedAt, r.TicketId));
                }
            )
            .AtOnce(4);

        room.MapGet(
                "complaints/causes",
                "The causes that a complaint may have, by area",
                "service-desk.read",
                (DeskRules rules) => rules.Causes.Select(c => new CauseCode(c.Area, c.Cause)).ToArray()
            )
            .WithName("GetCauses");
    }
}
