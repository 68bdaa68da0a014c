using CrmPlatform.Customers.Identity;

namespace CrmPlatform.Customers.Merging;

/// <summary>
/// The two are one: they are merged. Send If-Match with the candidate's version that was read: if a profile changed since, it is refused.
/// </summary>
/// <param name="Reason">Why, as a code in the business's words: <c>same-person</c>.</param>
/// <param name="SurvivorId">The customer under whose id the group is shown; if left out, the one who was registered first.</param>
public sealed record ConfirmCandidate([property: Required, Code] string Reason, Guid? SurvivorId = null)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "candidates/{id:guid}/confirm",
                "Say that two customers who look like one are one",
                "customers.identity.merge",
                async (Guid id, ConfirmCandidate command, Request request, EventStore store, Merger merger) =>
                {
                    var (candidate, _) = await store.Read(Candidate.Of(id), request.Cancelled);
                    if (candidate.Suggested is not { } pair)
                        throw new NotFoundException("candidate", id);
                    if (candidate.Status == CandidateStatus.Withdrawn)
                        throw RejectCandidate.Withdrawn();
                    var survivor = command.SurvivorId ?? await merger.Elder(pair.First, pair.Second, request.Cancelled);
                    if (survivor != pair.First && survivor != pair.Second)
                        throw new BadRequestException("survivorId", "one of the candidate's two customers");
                    var merged = survivor == pair.First ? pair.Second : pair.First;
                    return request.Done(await merger.Make(request, request.NewId, survivor, merged, command.Reason, MergedBy.Person));
                }
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses(["candidate-withdrawn", .. MergeCustomers.Refused]);
}
