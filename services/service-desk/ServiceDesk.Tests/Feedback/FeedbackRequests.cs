using System.Net;

namespace CrmPlatform.ServiceDesk.Tests.Feedback;

/// <summary>Requests about feedback that several tests send.</summary>
static class FeedbackRequests
{
    public static HttpClient Lead(this DeskFixture fixture) =>
        fixture.Http(["service-desk.read", "service-desk.write", "service-desk.customer", "service-desk.codebook", "personal.read"]);

    public static async Task<Guid> Said(
        this DeskFixture fixture,
        string text,
        Guid? customer = null,
        string source = "review",
        DateTimeOffset? at = null
    ) =>
        (
            await fixture.Post(
                "feedback",
                new
                {
                    customerId = customer ?? Guid.CreateVersion7(),
                    source,
                    channel = "web",
                    text,
                    occurredAt = at,
                },
                HttpStatusCode.Created
            )
        ).Id;
}
