namespace CrmPlatform.ServiceDesk.Feedback;

/// <summary>A person says what a text is about, or is not about: that beats the rules, also those of later codebooks.</summary>
static class CorrectTheme
{
    const string Route = "feedback/{id:guid}/themes/{theme}";

    public static void Map(CrmService room)
    {
        room.MapPut(
                Route,
                "Say that feedback is about a theme",
                "service-desk.write",
                (Guid id, [Code] string theme, Request request, EventStore store, NpgsqlDataSource db, CancellationToken ct) =>
                    Write(id, theme, Said.Yes, request, store, db, ct)
            )
            .WithName("SetTheme")
            .Refuses("theme-unknown");
        room.MapDelete(
                Route,
                "Say that feedback is not about a theme",
                "service-desk.write",
                (Guid id, [Code] string theme, Request request, EventStore store, NpgsqlDataSource db, CancellationToken ct) =>
                    Write(id, theme, Said.No, request, store, db, ct)
            )
            .WithName("RemoveTheme");
    }

    enum Said
    {
        Yes,
        No,
    }

    static async Task<IResult> Write(
        Guid id,
        string theme,
        Said said,
        Request request,
        EventStore store,
        NpgsqlDataSource db,
        CancellationToken ct
    )
    {
        if (!await db.QuerySingle<bool>("select exists (select from feedback where feedback_id = @id)", new { id }, ct))
            throw new NotFoundException("feedback", id);
        var (codebook, _) = await store.Read(Codebook.Stream, ct);
        if (said == Said.Yes)
            codebook.Known(theme);
        return request.Done(
            await store.Write(
                request,
                Coding.Of(id),
                coding =>
                    said == Said.Yes
                        ? coding.Themes.Contains(theme)
                            ? []
                            : [new ThemeSet(id, theme, request.Actor, request.Now)]
                        : coding.Themes.Contains(theme)
                            ? [new ThemeRemoved(id, theme, request.Actor, request.Now)]
                            : []
            )
        );
    }
}
