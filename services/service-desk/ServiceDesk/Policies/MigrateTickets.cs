using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Tickets;

namespace CrmPlatform.ServiceDesk.Policies;

/// <summary>What a migration did.</summary>
/// <param name="Version">The version of the rules that holds.</param>
/// <param name="Looked">How many tickets of this page were opened or migrated under an earlier version.</param>
/// <param name="Migrated">How many of them are due otherwise now.</param>
/// <param name="Next">The next page begins after it: send it as <c>after</c>; null at the end.</param>
public sealed record Migration(int Version, int Looked, int Migrated, Guid? Next);

/// <summary>
/// Brings open tickets to the version of the rules that holds, by their customers' standing now: 500 of them at a time. A ticket that is of
/// this version is left alone, so whoever was interrupted begins again.
/// </summary>
/// <param name="Mode"><c>only-shorten</c>, <c>only-lengthen</c> or <c>both</c>: which promises are made anew.</param>
/// <param name="After">The <c>next</c> of the page before; left out for the first.</param>
public sealed record MigrateTickets(
    [property: Required, OneOf(PolicyChange.Shorten, PolicyChange.Lengthen, PolicyChange.Both)] string Mode,
    Guid? After = null
)
{
    const int AtOnce = 500;

    // Tickets whose history is coming in are left out: promises about them are not judged yet either.
    static readonly string sql = $"""
        select ticket_id, customer_id from ticket_list
        where status in ('open', 'waiting') and rules < @version and (@After::uuid is null or ticket_id > @After) and {BreachClock.Settled}
        order by ticket_id limit @AtOnce + 1
        """;

    public static void Map(CrmService room) =>
        room.MapPost(
            "rules/migrate",
            "Bring open tickets to the calendars and policies that hold",
            "service-desk.policies",
            async (MigrateTickets command, HttpContext http) =>
                await command.Run(http.RequestServices, http.RequestServices.GetRequiredService<Request>())
        );

    async Task<Migration> Run(IServiceProvider services, Request request)
    {
        var (store, db) = (services.GetRequiredService<EventStore>(), services.GetRequiredService<NpgsqlDataSource>());
        var (rules, now) = (services.GetRequiredService<DeskRules>(), request.Now);
        var version = rules.At(now).Version;
        var since = now - services.GetRequiredService<DeskOptions>().ImportSettles;
        var rows = await db.Query<OpenRow>(
            sql,
            new
            {
                version,
                After,
                since,
                AtOnce,
            },
            request.Cancelled
        );
        OpenRow[] page = [.. rows.Take(AtOnce)];
        var standings = await Standing.Of(db, page.Select(r => r.CustomerId).Distinct(), request.Cancelled);
        var done = await store.Execute(request, [.. page.Select(To)]);
        return new(
            version,
            page.Length,
            done.Count(d => d.Events.OfType<PolicyMigrated>().Any()),
            rows.Count > AtOnce ? page[^1].TicketId : null
        );

        Write To(OpenRow row) =>
            Write.To(
                Ticket.Of(row.TicketId),
                ticket =>
                    Desk.At(
                        ticket,
                        null,
                        now,
                        (state, at) =>
                            PolicyChange.Migrate(
                                state,
                                rules,
                                standings.GetValueOrDefault(row.CustomerId, Standing.Nothing),
                                Mode,
                                request.Actor,
                                at
                            )
                    )
            );
    }
}

/// <summary>An open ticket, for what is done about many.</summary>
sealed record OpenRow(Guid TicketId, Guid CustomerId);
