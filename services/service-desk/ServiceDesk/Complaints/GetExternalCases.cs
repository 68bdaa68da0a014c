using System.ComponentModel;
using CrmPlatform.ServiceDesk.Sla;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>A complaint that the customer took to an authority or a platform.</summary>
/// <param name="TicketId">The complaint.</param>
/// <param name="Case">The case, with its clocks.</param>
public sealed record ExternalCaseRow(Guid TicketId, Guid CustomerId, ExternalCaseView Case);

/// <summary>The cases at authorities, those received last first.</summary>
static class GetExternalCases
{
    // For the order only: two cases of a complaint may have been received at the same instant.
    const string CaseId = "md5(x.ticket_id::text || x.number)::uuid";

    // A clock that ran out is late, also before that is recorded.
    const string Sql = $"""
        select x.ticket_id, {CaseId} as case_id, x.number, x.customer_id, x.body, x.received_at, x.acceptance_due_at,
            x.accepted_at, x.mediation_due_at, x.answered_at, x.ended_at, x.outcome, late.late,
            case when x.answered_at is null and x.ended_at is null then least(x.answer_due_at, r.due_at) else x.answer_due_at end
                as answer_due_at
        from external_cases x
            left join promises r on r.ticket_id = x.ticket_id and r.clock = '{Promises.Resolution}' and r.undone_at is null
            cross join lateral (
                select array_remove(array[
                    case when coalesce(x.accepted_at, x.ended_at, @now) > x.acceptance_due_at then '{ExternalCase.Acceptance}' end,
                    case when coalesce(x.ended_at, @now) > x.mediation_due_at then '{ExternalCase.Mediation}' end,
                    case when coalesce(x.answered_at, x.ended_at, @now) > x.answer_due_at then '{ExternalCase.Answer}' end], null) as late
            ) late
        where (@state::text is null or case @state when 'open' then x.ended_at is null when 'ended' then x.ended_at is not null
                else cardinality(late.late) > 0 end)
            and (@body::text is null or x.body = @body) and (@ticket::uuid is null or x.ticket_id = @ticket)
            and x.ticket_id <> all(@hidden)
            and (@at::timestamptz is null or (x.received_at, {CaseId}) < (@at, @id))
        order by x.received_at desc, 2 desc limit @size + 1
        """;

    static readonly string[] states = ["open", "ended", "late"];

    public static void Map(CrmService room) =>
        room.MapGet(
            "complaints/external-cases",
            "Complaints that customers took to an authority, with the clocks of the cases; those received last first",
            "service-desk.read",
            async (
                [Description("open, ended, or late: a clock ran out.")] string? state,
                [Description("Only cases there: 12315.")] string? body,
                [Description("Only those of this complaint.")] Guid? ticket,
                int? limit,
                string? after,
                NpgsqlDataSource db,
                TimeProvider clock,
                HiddenTickets hidden,
                CancellationToken ct
            ) =>
            {
                QueryWord.OneOf("state", state, states);
                var (size, (at, id)) = (PageLimit.Of(limit), TimeCursor.Parse(after));
                var rows = await db.Query<Row>(
                    Sql,
                    new
                    {
                        state,
                        body,
                        ticket,
                        hidden = await hidden.Ids(ct),
                        at,
                        id,
                        size,
                        now = clock.GetUtcNow(),
                    },
                    ct
                );
                return Page.Of(rows, size, r => r.Shown, r => TimeCursor.Of(r.ReceivedAt, r.CaseId));
            }
        );

    sealed class Row
    {
        public Guid TicketId { get; init; }
        public Guid CaseId { get; init; }
        public int Number { get; init; }
        public Guid CustomerId { get; init; }
        public string Body { get; init; } = "";
        public DateTimeOffset ReceivedAt { get; init; }
        public DateTimeOffset AcceptanceDueAt { get; init; }
        public DateTimeOffset? AcceptedAt { get; init; }
        public DateTimeOffset? MediationDueAt { get; init; }
        public DateTimeOffset? AnswerDueAt { get; init; }
        public DateTimeOffset? AnsweredAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public string? Outcome { get; init; }
        public string[] Late { get; init; } = [];

        public ExternalCaseRow Shown =>
            new(
                TicketId,
                CustomerId,
                new(
                    Number: Number,
                    Body: Body,
                    Reference: null,
                    ReceivedAt: ReceivedAt,
                    AcceptanceDueAt: AcceptanceDueAt,
                    AcceptedAt: AcceptedAt,
                    MediationDueAt: MediationDueAt,
                    AnswerDueAt: AnswerDueAt,
                    AnsweredAt: AnsweredAt,
                    EndedAt: EndedAt,
                    Outcome: Outcome,
                    Late: Late
                )
            );
    }
}
