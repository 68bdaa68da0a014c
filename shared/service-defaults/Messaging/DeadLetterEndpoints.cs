using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Drops a dead letter, with the reason for the record.</summary>
public sealed record DropDeadLetter([property: Required, StringLength(500, MinimumLength = 3)] string Why);

/// <summary>Endpoints for operators: list dead letters, retry one, or drop it.</summary>
static class DeadLetterEndpoints
{
    public static void Map(IEndpointRouteBuilder app, string context)
    {
        var group = app.MapGroup($"/api/{context}/dead-letters").WithTags("ops");
        group
            .MapGet(
                "",
                async (DeadLetters letters, int? limit, string? after, CancellationToken ct) =>
                    await letters.List(PageLimit.Of(limit), after, ct)
            )
            .RequirePermission("ops.dead-letters");
        group
            .MapPost(
                "{eventId:guid}/replay",
                async (Guid eventId, DeadLetters letters, PacketConsumer consumer, CancellationToken ct) =>
                    await letters.Replay(eventId, fact => consumer.Write([fact], ct), ct) is { } done
                        ? Results.Ok(new { processed = done })
                        : Answer.NotFound("dead letter", eventId)
            )
            .RequirePermission("ops.dead-letters");
        group
            .MapPost(
                "{eventId:guid}/drop",
                async (
                    Guid eventId,
                    DropDeadLetter command,
                    DeadLetters letters,
                    PacketConsumer consumer,
                    HttpContext http,
                    CancellationToken ct
                ) =>
                    await letters.GiveUp(eventId, command.Why, http.User.Subject(), fact => consumer.Write([fact], ct), ct) is { } done
                        ? Results.Ok(new { processed = done })
                        : Answer.NotFound("dead letter", eventId)
            )
            .RequirePermission("ops.dead-letters");
    }
}
