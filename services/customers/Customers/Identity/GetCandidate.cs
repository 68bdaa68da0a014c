using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>Two customers who may be one, and what speaks for it and against it.</summary>
/// <param name="Id">Id of the candidate.</param>
/// <param name="Status"><c>open</c>, <c>confirmed</c>, <c>rejected</c> or <c>withdrawn</c>.</param>
/// <param name="Reason">Why somebody is asked: <c>review</c>, <c>limited</c> (a limit, or a value that belongs to many),
/// <c>contradicted</c> (they look like one, but cannot be), or <c>link</c> for what is as good as certain.</param>
/// <param name="Weight">How much speaks for it, in bits: log2 of the odds.</param>
/// <param name="Probability">The same as a probability, 0 to 1.</param>
/// <param name="Lines">What adds up to the weight.</param>
/// <param name="Model">The model by which they were compared.</param>
/// <param name="SuggestedAt">When it was found, last.</param>
/// <param name="RejectedBecause">Why somebody decided that they are two; null if nobody has.</param>
/// <param name="First">One of the two.</param>
/// <param name="Second">The other.</param>
public sealed record GetCandidate(
    Guid Id,
    CandidateStatus Status,
    MatchVerdict Reason,
    double Weight,
    double Probability,
    IReadOnlyList<MatchLine> Lines,
    string Model,
    DateTimeOffset SuggestedAt,
    string? RejectedBecause,
    GetCandidate.Side First,
    GetCandidate.Side Second,
    long Version
)
{
    /// <summary>One of two customers who may be one.</summary>
    /// <param name="CustomerId">Who it is.</param>
    /// <param name="Personal">Whether the details are shown; if not, they are null.</param>
    /// <param name="Details">The profile that was compared.</param>
    public sealed record Side(Guid CustomerId, PersonalShown Personal, PersonalDetails? Details);

    public static void Map(CrmService room) =>
        room.MapGet(
                "candidates/{id:guid}",
                "Two customers who may be one, with what speaks for it",
                "customers.identity.read",
                async (Guid id, EventStore store, FindMatches matches, PersonalReader reader, HttpContext http, CancellationToken ct) =>
                {
                    var (candidate, version) = await store.Read(Candidate.Of(id), ct);
                    if (candidate is not { Status: { } status, Suggested: { } found })
                        return Answer.NotFound("candidate", id);
                    var opened = await matches.Open([(found.First, found.FirstVersion), (found.Second, found.SecondVersion)], ct);
                    http.Response.Headers.ETag = $"\"{version}\"";
                    if (reader.May)
                        await reader.Read([.. opened.Select(o => o.Customer)]);
                    return Results.Ok(
                        new GetCandidate(
                            Id: id,
                            Status: status,
                            Reason: found.Reason,
                            Weight: found.Weight,
                            Probability: found.Probability,
                            Lines: found.Lines,
                            Model: found.Model,
                            SuggestedAt: found.OccurredAt,
                            RejectedBecause: candidate.RejectedBecause,
                            First: SideOf(found.First),
                            Second: SideOf(found.Second),
                            Version: version
                        )
                    );

                    Side SideOf(Guid customer)
                    {
                        var details = opened.FirstOrDefault(o => o.Customer == customer)?.Details;
                        return new(customer, reader.Of(details is null), reader.May ? details : null);
                    }
                }
            )
            .Produces<GetCandidate>()
            .ShowsMoreWith(Permissions.PersonalRead, "the details of both customers");
}
