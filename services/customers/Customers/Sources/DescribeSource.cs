namespace CrmPlatform.Customers.Sources;

/// <summary>Describes a source; what was said before is replaced.</summary>
/// <param name="Name">What people call it: <c>Web shop</c>.</param>
/// <param name="Trust">0 to 100, 50 if left out; of customers who are one, the more trusted source says what is
/// shown.</param>
public sealed record DescribeSource([property: Required, Label(80)] string Name, [property: Range(0, 100)] int Trust = Source.DefaultTrust)
{
    public ISourceEvent[] Decide(Source source, string code, DateTimeOffset now) =>
        source.Described is { } there && (there.Name, there.Trust) == (Name, Trust) ? [] : [new SourceDescribed(code, Name, Trust, now)];

    public static void Map(CrmService room) =>
        room.MapPut(
            "sources/{code}",
            "Describe a source",
            "customers.sources.write",
            async ([Label(60)] string code, DescribeSource command, Request request, EventStore store) =>
                request.Done(await store.Write(request, Source.Of(code), s => command.Decide(s, code, request.Now)))
        );
}
