using System.Text;
using Xunit.Abstractions;

namespace CrmPlatform.Platform.Tests;

/// <summary>
/// An operator who names a collector can follow a purchase from the caller's request to the points and to the portrait, and reads nobody's
/// name there.
/// </summary>
[Collection(nameof(Alone))]
public sealed class TracingTests(TracedPurchase purchase, ITestOutputHelper output) : IClassFixture<TracedPurchase>
{
    static readonly string[] services = ["crm-customers", "crm-loyalty", "crm-portraits"];

    [Theory, InlineData("crm-loyalty"), InlineData("crm-portraits")]
    public void one_trace_reaches_from_the_request_through_log_and_broker_to_the_listeners_sql(string listener)
    {
        var trace = purchase.Collector.Spans.Where(s => s.TraceId == TracedPurchase.Caller.TraceId.ToHexString()).ToList();
        var request = trace.Single(s => s is { Service: "crm-customers", Scope: "Microsoft.AspNetCore" });
        request.Name.ShouldBe("POST /api/customers/purchases");
        request.ParentId.ShouldBe(TracedPurchase.Caller.SpanId.ToHexString());
        trace.ShouldContain(s => s.Service == "crm-customers" && s.Scope == "Npgsql" && s.ParentId == request.SpanId);

        var ways = trace.Where(s => s.Service == listener && s.Scope == "Npgsql").Select(s => Way(trace, s)).ToList();
        foreach (var way in ways)
            way[^1].ShouldBe(request);
        // Portraits may hear of the points, too: that way leads through loyalty.
        var direct = ways.Where(way => way.All(s => s.Service == listener || s == request)).ToList();
        direct.ShouldNotBeEmpty();
        foreach (var way in direct)
        {
            way.Skip(1)
                .Select(s => (s.Service, s.Name))
                .ShouldBe([
                    (listener, "execute packet"),
                    (listener, "consume customers.purchase-recorded"),
                    (request.Service, request.Name),
                ]);
            output.WriteLine(string.Join(" → ", way.AsEnumerable().Reverse().Select(s => $"{s.Service} {s.Name}")));
            way[1].Links.ShouldContain((way[2].TraceId, way[2].SpanId));
        }
    }

    [Fact]
    public void traces_metrics_and_logs_of_every_service_reach_the_collector()
    {
        purchase.Collector.Spans.Select(s => s.Service).Distinct().ShouldBe(services, ignoreOrder: true);
        purchase.Collector.Loggers.Distinct().ShouldBe(services, ignoreOrder: true);
        var instruments = purchase.Collector.Instruments.ToHashSet();
        foreach (var service in new[] { "crm-customers", "crm-loyalty" })
            instruments.ShouldContain((service, "crm.store.append.duration"));
        foreach (var listener in new[] { "crm-loyalty", "crm-portraits" })
            instruments.ShouldContain((listener, "crm.facts.consumed"));
    }

    [Fact]
    public void nothing_that_is_sent_names_a_person()
    {
        purchase.Collector.Bodies.ShouldContain(body => Says(body, "/api/customers/purchases"), "the search finds what is there");
        purchase.Collector.Bodies.ShouldNotContain(body => Says(body, "url.path"), "the route says which request it was");
        foreach (var secret in TracedPurchase.Secrets)
            purchase.Collector.Bodies.ShouldNotContain(body => Says(body, secret), secret);
    }

    /// <summary>From a span through its parents to the one whose parent is not ours.</summary>
    static List<OtlpReceiver.Span> Way(IReadOnlyList<OtlpReceiver.Span> trace, OtlpReceiver.Span from)
    {
        var way = new List<OtlpReceiver.Span>();
        for (var at = from; at is not null; at = trace.SingleOrDefault(s => s.SpanId == way[^1].ParentId))
            way.Add(at);
        return way;
    }

    static bool Says(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    /// <summary>In one process all spans are everybody's: nothing else runs while the customers room sends them off.</summary>
    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;
}
