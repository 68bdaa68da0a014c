namespace CrmPlatform.Customers.Tags;

/// <summary>
/// One tag becomes a spelling of another. Customers keep the facts that they have: whoever has the one has the other from now on, and what
/// is said of a moment before still names the one.
/// </summary>
/// <param name="Code">The tag that is given up.</param>
/// <param name="Into">The tag that stays.</param>
public sealed record JoinTags([property: Required, KeyText(60)] string Code, [property: Required, KeyText(60)] string Into)
{
    /// <returns>What is recorded of the tag that is given up, and of the one that stays.</returns>
    /// <exception cref="RuleViolationException"><c>tag-unknown</c>, <c>tag-joined</c> or <c>tag-retired</c>.</exception>
    public (ITagEvent[] Given, ITagEvent[] Stays) Decide(Tag given, Tag stays, DateTimeOffset now)
    {
        var into = stays.Known("into").Code!;
        if (given.Known("code").Into == into)
            return ([], []);
        if (given.Into is not null)
            throw new RuleViolationException("tag-joined", $"This tag is joined into '{given.Into}' already.", "code");
        if (stays.Into is not null || into == given.Code)
            throw new RuleViolationException("tag-joined", $"Join it into '{stays.Into ?? "another tag"}' instead.", "into");
        if (stays.Retired)
            throw new RuleViolationException("tag-retired", "The tag that stays is retired.", "into");
        return ([new TagJoined(into, now)], [new TagTookIn([given.Code!, .. given.Also], now)]);
    }

    public static void Map(CrmService room) =>
        room.MapPost(
                "tags/join",
                "Join a tag into another",
                "customers.tags.manage",
                async (JoinTags command, Request request, EventStore store) =>
                    request.Done(
                        await store.Write(
                            request,
                            Tag.Of(Keys.Normal(command.Code)),
                            Tag.Of(Keys.Normal(command.Into)),
                            (given, stays) =>
                            {
                                var decided = command.Decide(given.State, stays.State, request.Now);
                                given.Append(decided.Given);
                                stays.Append(decided.Stays);
                            }
                        )
                    )
            )
            .Refuses("tag-unknown", "tag-joined", "tag-retired");
}
