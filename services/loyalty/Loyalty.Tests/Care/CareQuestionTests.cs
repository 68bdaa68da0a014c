namespace CrmPlatform.Loyalty.Tests.Care;

[Collection("loyalty")]
public class CareQuestionTests(LoyaltyRoom room)
{
    [Theory]
    [
        InlineData("care/upcoming?occasion=nonsense"),
        InlineData("care/upcoming?from=2026-05-01T00:00:00Z&to=2026-04-01T00:00:00Z"),
        InlineData("care/upcoming?from=2026-05-01T00:00:00Z&to=2028-04-01T00:00:00Z"),
        InlineData("care/upcoming?from=0001-01-01T00:00:00Z")
    ]
    [InlineData("care/upcoming?after=x"), InlineData("accounts/00000000-0000-7000-8000-000000000001/care?after=x")]
    public async Task a_malformed_question_is_a_400(string path) =>
        ((int)(await room.Everything.GetAsync("/api/loyalty/" + path)).StatusCode).ShouldBe(400);
}
