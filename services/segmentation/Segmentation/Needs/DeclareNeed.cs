using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Needs;

/// <summary>
/// The customer has the need, as somebody says: that beats what orders say, which is not asked any more. The same again changes nothing.
/// </summary>
/// <param name="By">Who says so: <c>customer</c> or <c>agent</c>.</param>
/// <param name="Source">Where it was said, as a code of your own: <c>survey-2026</c>.</param>
public sealed record DeclareNeed([property: OneOf("customer", "agent")] string By, [property: Required, Code] string Source)
{
    public static void Map(CrmService room) =>
        room.MapPost(
            "customers/{id:guid}/needs/{code}/declare",
            "Say that a customer has a need",
            "segmentation.needs.write",
            (
                Guid id,
                [NeedCode] string code,
                DeclareNeed command,
                Request request,
                NpgsqlDataSource db,
                EventStore store,
                CancellationToken ct
            ) => SayNeed.Write(id, code, before => command.Decide(code, before, request.Now), request, db, store, ct)
        );

    public INeedSaid? Decide(string code, INeedSaid? before, DateTimeOffset now) =>
        before is NeedDeclared d && (d.By, d.Source) == (By, Source) ? null : new NeedDeclared(code, By, Source, now);
}

/// <summary>The customer does not have the need: it is not inferred any more, until that is taken back.</summary>
/// <param name="Reason">Why, as a code of your own: <c>bought-gifts</c>.</param>
public sealed record ContestNeed([property: Code] string? Reason = null)
{
    public static void Map(CrmService room) =>
        room.MapPost(
            "customers/{id:guid}/needs/{code}/contest",
            "Say that a customer does not have a need",
            "segmentation.needs.write",
            (
                Guid id,
                [NeedCode] string code,
                ContestNeed command,
                Request request,
                NpgsqlDataSource db,
                EventStore store,
                CancellationToken ct
            ) => SayNeed.Write(id, code, before => command.Decide(code, before, request.Now), request, db, store, ct)
        );

    public INeedSaid? Decide(string code, INeedSaid? before, DateTimeOffset now) =>
        before is NeedContested c && c.Reason == Reason ? null : new NeedContested(code, Reason, now);
}

/// <summary>Takes back what was said of a need: orders are asked again, by the next run.</summary>
public static class ReopenNeed
{
    public static void Map(CrmService room) =>
        room.MapPost(
                "customers/{id:guid}/needs/{code}/reopen",
                "Take back what was said of a need",
                "segmentation.needs.write",
                (Guid id, [NeedCode] string code, Request request, NpgsqlDataSource db, EventStore store, CancellationToken ct) =>
                    SayNeed.Write(id, code, before => Decide(code, before, request.Now), request, db, store, ct)
            )
            .WithName("ReopenNeed");

    public static INeedSaid? Decide(string code, INeedSaid? before, DateTimeOffset now) =>
        before is null or NeedReopened ? null : new NeedReopened(code, now);
}
