using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Drops a dead letter, with the reason for the record.</summary>
/// <param name="Why">Why it is dropped, 3 to 500 characters; kept with it.</param>
public sealed record DropDeadLetter([property: Required, StringLength(500, MinimumLength = 3)] string Why);

/// <summary>What came of a decision about a dead letter.</summary>
/// <param name="Processed">How many facts were executed.</param>
public sealed record Drained(int Processed);

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
            .RequirePermission("ops.dead-letters")
            .WithName("GetDeadLetters")
            .WithSummary("Facts that could not be executed, and those that wait behind them")
            .WithDescription("In the order in which they arrived; dropped ones stay in the list.");
        group
            .MapPost(
                "{eventId:guid}/replay",
                async (
                    [Description("Id of the event that is a dead letter.")] Guid eventId,
                    DeadLetters letters,
                    PacketConsumer consumer,
                    CancellationToken ct
                ) =>
                    await letters.Replay(eventId, fact => consumer.Write([fact], ct), ct) is { } done
                        ? Results.Ok(new Drained(done))
                        : Answer.NotFound("dead letter", eventId)
            )
            .RequirePermission("ops.dead-letters")
            .WithName("ReplayDeadLetter")
            .WithSummary("Execute a dead letter again, then the facts behind it")
            .WithDescription("After the cause is mended. If it fails again, it stays a dead letter.")
            .Produces<Drained>();
        group
            .MapPost(
                "{eventId:guid}/drop",
                async (
                    [Description("Id of the event that is a dead letter.")] Guid eventId,
                    DropDeadLetter command,
                    DeadLetters letters,
                    PacketConsumer consumer,
                    HttpContext http,
                    CancellationToken ct
                ) =>
                    await letters.GiveUp(eventId, command.Why, http.User.Subject(), fact => consumer.Write([fact], ct), ct) is { } done
                        ? Results.Ok(new Drained(done))
                        : Answer.NotFound("dead letter", eventId)
            )
            .RequirePermission("ops.dead-letters")
            .WithName("DropDeadLetter")
            .WithSummary("Drop a dead letter, and execute the facts behind it")
            .WithDescription("It is an operator's decision for the record: the fact is never executed.")
            .Produces<Drained>();
    }
}
