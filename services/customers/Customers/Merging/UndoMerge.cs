namespace CrmPlatform.Customers.Merging;

/// <summary>
/// Takes the link of a merge away: the customers fall apart into the groups that the remaining links make. Each keeps what was told of it,
/// also since then. The two are not linked by machine again. Where all of one side were forgotten, there is nobody to take apart.
/// </summary>
/// <param name="Reason">Why, as a code in the business's words: <c>family</c>.</param>
public sealed record UndoMerge([property: Required, Code] string Reason)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "merges/{id:guid}/unmerge",
                "Take two merged customers apart",
                "customers.identity.merge",
                async (Guid id, UndoMerge command, Request request, Merger merger) =>
                    request.Done(await merger.Undo(request, id, command.Reason))
            )
            .Refuses("customer-forgotten");
}
