namespace CrmPlatform.Customers.Merging;

/// <summary>
/// Two customers are one person or one company. Their ids and facts stay as they are, and each is told of under the id that is named; what
/// is read of one is read of the group. It can be undone. Saying it again changes nothing.
/// </summary>
/// <param name="SurvivorId">The customer under whose id the group is shown; of a group, whichever member names it.</param>
/// <param name="MergedId">The other one.</param>
/// <param name="Reason">Why, as a code in the business's words: <c>same-person</c>.</param>
public sealed record MergeCustomers(Guid SurvivorId, Guid MergedId, [property: Required, Code] string Reason)
{
    public static readonly string[] Refused =
    [
        "same-customer",
        "customer-unknown",
        "customer-forgotten",
        "kinds-differ",
        "contradiction",
        "group-too-large",
        "already-linked",
    ];

    public static void Map(CrmService room) =>
        room.MapPost(
                "merges",
                "Say that two customers are one",
                "customers.identity.merge",
                async (MergeCustomers command, Request request, Merger merger) =>
                    request.Done(
                        await merger.Make(request, request.NewId, command.SurvivorId, command.MergedId, command.Reason, MergedBy.Person)
                    )
            )
            .Produces<Changed>(201)
            .Produces<Changed>()
            .Refuses(Refused);
}
