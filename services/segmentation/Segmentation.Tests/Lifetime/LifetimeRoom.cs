using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CrmPlatform.Segmentation.Tests.Lifetime;

/// <summary>A room that knows the customers of CDNOW.</summary>
public sealed class LifetimeRoom : SegmentationFixture
{
    public const string Models = "/api/segmentation/lifetime/models";

    public HttpClient Client => Http("segmentation.read", "segmentation.run");

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await CdnowShop.Open(this, CdnowShop.Purchases());
    }

    public async Task<Guid> Fit(object body, HttpStatusCode expected = HttpStatusCode.Created)
    {
        using var answer = await Client.PostAsJsonAsync(Models, body);
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<Changed>())!.Id;
    }

    /// <summary>The type of the problem, without what all types begin with.</summary>
    public static async Task<string> Refused(HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.UnprocessableEntity)
    {
        answer.StatusCode.ShouldBe(status, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()!["urn:crm:".Length..];
    }
}
