using System.Globalization;

namespace CrmPlatform.Customers.Quality;

/// <summary>A work list with a page of its customers, in the order in which they are to be mended.</summary>
/// <param name="List">The list and how far it is.</param>
/// <param name="Items">Its customers.</param>
/// <param name="Next">The cursor of the page behind this one; null on the last.</param>
public sealed record GetWorkList(WorkListShown List, IReadOnlyList<GetWorkList.Item> Items, string? Next)
{
    /// <summary>A customer of a work list.</summary>
    /// <param name="CustomerId">Who it is.</param>
    /// <param name="Done">Whether there is nothing left to do.</param>
    public sealed record Item(Guid CustomerId, bool Done);

    public static void Map(CrmService room) =>
        room.MapGet(
                "quality/work-lists/{id:guid}",
                "A list of customers whose profiles are to be mended, with who is done",
                "customers.quality.read",
                async (Guid id, int? limit, string? after, NpgsqlDataSource db, WorkToDo work, HttpContext http, CancellationToken ct) =>
                {
                    var (size, from) = (PageLimit.Of(limit), Cursor(after));
                    if (await GetWorkLists.Read(db, "where id = @id", new { id }, ct) is not [var list])
                        return Answer.NotFound("work list", id);
                    var left = await work.Left(list.Rule, list.Band, list.Customers, ct);
                    http.Response.Headers.ETag = $"\"{list.Version}\"";
                    return Results.Ok(
                        new GetWorkList(
                            list.Shown(left.Count),
                            [.. list.Customers.Skip(from).Take(size).Select(c => new Item(c, !left.Contains(c)))],
                            from + size < list.Customers.Length ? (from + size).ToString(CultureInfo.InvariantCulture) : null
                        )
                    );
                }
            )
            .Produces<GetWorkList>();

    static int Cursor(string? after) =>
        after is null ? 0
        : int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var from) && from <= 5_000 ? from
        : throw new BadRequestException("after", "a cursor from a page's next");
}
