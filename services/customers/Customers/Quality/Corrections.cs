using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Quality;

/// <summary>The request that corrects a field (<see cref="CorrectField"/>).</summary>
static class Corrections
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "{id:guid}/corrections",
                "Correct one field of a profile",
                "customers.quality.write",
                async (Guid id, CorrectField command, Request request, EventStore store, Business business, AskProfileGate gate) =>
                {
                    var pass = await gate(request.Cancelled);
                    return request.Done(
                        await store.Write(request, Customer.Of(id), c => pass(c, command.Decide(c, id, request.Now, business.Region)))
                    );
                }
            )
            .WithName(nameof(CorrectField))
            .Refuses(
                "no-such-contact",
                "invalid-value",
                "invalid-contact",
                "birth-date-in-future",
                "customer-unknown",
                "customer-forgotten"
            )
            .Refuses(ProfileGate.Codes);
}
