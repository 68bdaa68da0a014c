using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>
/// Says a customer's grade in a scheme until an instant, whatever runs find: the human review of a computed grade. The same again changes
/// nothing.
/// </summary>
/// <param name="Grade">A grade of the scheme.</param>
/// <param name="Reason">Why, as a code of your own: <c>key-account</c>.</param>
/// <param name="Until">Until when, at most 400 days ahead; then the computed grade stands again.</param>
public sealed record OverrideGrade(
    [property: Required, Label(20)] string Grade,
    [property: Required, Code] string Reason,
    [property: Required] DateTimeOffset? Until
)
{
    const int MostDays = 400;

    void Check(GradeScheme scheme, DateTimeOffset now)
    {
        if (!scheme.Has(Grade))
            throw new RuleViolationException("grade-unknown", $"The scheme '{scheme.Code}' has no grade '{Grade}'.", "grade");
        if (Until <= now)
            throw new RuleViolationException("override-over", "An override ends in the future.", "until");
        if (Until > now.AddDays(MostDays))
            throw new RuleViolationException("override-too-long", $"An override lasts {MostDays} days at most.", "until");
    }

    public static void Map(CrmService room)
    {
        const string Route = "customers/{id:guid}/grades/{scheme}";
        room.MapPut(
                Route,
                "Say a customer's grade until an instant",
                "segmentation.grading.override",
                async (Guid id, [Code] string scheme, OverrideGrade command, Request request, EventStore store, NpgsqlDataSource db) =>
                    await Decide(
                        (id, scheme, request, store, db),
                        (decision, by) =>
                        {
                            command.Check(by, request.Now);
                            decision.Set(command.Grade, command.Reason, request.Actor, command.Until!.Value.ToUniversalTime(), request.Now);
                        }
                    )
            )
            .Refuses("grade-unknown", "override-over", "override-too-long");
        room.MapDelete(
                Route,
                "End an override: the computed grade stands again",
                "segmentation.grading.override",
                async (Guid id, [Code] string scheme, Request request, EventStore store, NpgsqlDataSource db) =>
                    await Decide(
                        (id, scheme, request, store, db),
                        (decision, _) => decision.PassTime(request.Now).End("withdrawn", request.Now)
                    )
            )
            .WithName("EndOverride");
    }

    static async Task<IResult> Decide(
        (Guid Id, string Scheme, Request Request, EventStore Store, NpgsqlDataSource Db) asked,
        Action<GradeDecision, GradeScheme> decide
    )
    {
        var (id, code, request, store, db) = asked;
        var scheme = (await store.Read(SchemeBook.Of(code), request.Cancelled)).State.Existing(code);
        // Customers who are one have one grade.
        var survivor = (await CustomerGroups.Of(db, id, request.Cancelled)).SurvivorId;
        var write = Write.To(
            CustomerGrade.Of(survivor, code),
            Customers.CustomerValue.Of(survivor),
            (grade, customer) =>
            {
                if (customer.State is { Forgotten: true } or { Stage: null, LastOrderAt: null, Members.IsEmpty: true })
                    throw new NotFoundException("customer", id);
                var decision = new GradeDecision(grade.State, survivor, code, scheme.Lowest);
                decide(decision, scheme);
                grade.Append(decision.Facts);
            }
        );
        return request.Concerns(id).Done(await store.Write(request, write));
    }
}

/// <summary>An override ends at its own instant, however late the clock comes by.</summary>
public sealed class EndOverrides(NpgsqlDataSource db) : IDueWork
{
    public string Name => "grade-overrides";
    public TimeSpan Every => TimeSpan.FromSeconds(10);

    public async Task<IEnumerable<Write>> Due(NpgsqlConnection connection, DateTimeOffset now, CancellationToken ct)
    {
        var due = (
            await connection.QueryAsync<(Guid Customer, string Scheme)>(
                new CommandDefinition(
                    "select customer_id, scheme from standing_grades where until <= @now order by until",
                    new { now },
                    cancellationToken: ct
                )
            )
        ).AsList();
        if (due.Count == 0)
            return [];
        var schemes = await GetSchemes.All(db, ct);
        return due.Select(d =>
            CustomerGrade.About(
                d.Customer,
                d.Scheme,
                (grade, _) => new GradeDecision(grade, d.Customer, d.Scheme, schemes[d.Scheme].Lowest).PassTime(now).Facts
            )
        );
    }
}
