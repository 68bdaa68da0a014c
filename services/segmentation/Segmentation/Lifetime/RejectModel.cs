using System.ComponentModel.DataAnnotations;

namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>Nobody is scored with this model; if it was active, none is until another one is activated.</summary>
/// <param name="Reason">Why, as a code of your own: <c>badly-calibrated</c>.</param>
public sealed record RejectModel([property: Required, Code] string Reason)
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "lifetime/models/{id:guid}/reject",
                "Score nobody with a model",
                "segmentation.run",
                async (Guid id, RejectModel command, Request request, EventStore store) =>
                    request.Done(
                        await store.Write(request, LifetimeModel.Of(id), model => model.Existing(id).Reject(command.Reason, request.Now))
                    )
            )
            .Refuses("model-settled");
}
