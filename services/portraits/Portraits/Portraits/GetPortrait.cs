namespace CrmPlatform.Portraits.Portraits;

/// <summary>The portrait, now or at another moment; with the profile where it is asked for.</summary>
public static class GetPortrait
{
    public static void Map(CrmService room) =>
        room.MapGet(
                "/api/customers/{id:guid}/portrait",
                "A customer's portrait, now or at another moment",
                "customers.read",
                async (
                    Guid id,
                    string? asOf,
                    string? knownAt,
                    string? include,
                    HttpContext http,
                    PortraitReader portraits,
                    Business business
                ) =>
                    await portraits.Of(
                        id,
                        business.Moment("asOf", asOf),
                        business.Moment("knownAt", knownAt),
                        IncludesProfile(include),
                        http
                    )
                        is { } portrait
                        ? Results.Ok(portrait)
                        : Answer.NotFound("customer", id)
            )
            .Produces<Portrait>()
            .ShowsMoreWith(Permissions.PersonalRead, "the profile, where it is included");

    static bool IncludesProfile(string? include) =>
        include switch
        {
            null or "" => false,
            "profile" => true,
            _ => throw new BadRequestException("include", "profile, or left out"),
        };
}
