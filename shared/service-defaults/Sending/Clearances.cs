using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Asks customers whether messages may be sent now, and to which address. Nothing of the answer is kept.</summary>
sealed class Clearances(HttpClient http, RoomToken token, IConfiguration configuration)
{
    public const int Most = 200;

    /// <summary>How long a clearance holds.</summary>
    public static readonly TimeSpan Valid = TimeSpan.FromSeconds(10);

    public sealed record Wanted(Guid CustomerId, string Purpose, string Channel);

    /// <summary>It is no record, so that nothing prints what it holds.</summary>
    public sealed class Clearance
    {
        public Guid CustomerId { get; init; }
        public string Verdict { get; init; } = "";
        public string? Reason { get; init; }
        public string? Address { get; init; }
        public string? Name { get; init; }
        public string? Language { get; init; }
        public string? NoticeVersion { get; init; }

        public bool IsCleared => Verdict == "cleared" && Address is not null;
    }

    sealed record Answers(IReadOnlyList<Clearance> Items);

    /// <returns>One for each, in the same order.</returns>
    /// <exception cref="HttpRequestException">Customers or the gateway does not answer.</exception>
    public async Task<IReadOnlyList<Clearance>> Ask(IReadOnlyList<Wanted> items, CancellationToken ct)
    {
        var customers = configuration.Address("Services:Customers", "http://customers:8080", required: true, "http", "https")!;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(customers, "/api/customers/clearances"))
        {
            Content = JsonContent.Create(new { items }, options: EventStoreOptions.Json),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", await token.Get(ct)) },
        };
        using var answer = await http.SendAsync(request, ct);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
            token.Forget();
        answer.EnsureSuccessStatusCode();
        var read = await answer.Content.ReadFromJsonAsync<Answers>(EventStoreOptions.Json, ct);
        return read is not null && read.Items.Select(c => c.CustomerId).SequenceEqual(items.Select(i => i.CustomerId))
            ? read.Items
            : throw new HttpRequestException("customers answered another question");
    }
}
