using CrmPlatform.Contracts;

namespace CrmPlatform.Customers.Erasures;

/// <summary>
/// The process of forgetting one person: complete when every room that was asked has said that it holds nothing that names them.
/// </summary>
public sealed record Erasure(
    DateTimeOffset? RequestedAt,
    IReadOnlyList<string> Asked,
    IReadOnlyDictionary<string, DateTimeOffset> Acknowledged
) : IAggregate<Erasure, IErasureEvent>
{
    /// <summary>The rooms that keep personal data: this one, and those that tell when they have erased it.</summary>
    public static IReadOnlyList<string> Rooms { get; } =
    ["customers", .. ContractCatalogue.All.Where(c => c.Type == typeof(PersonalDataErased)).Select(c => c.Publisher)];

    /// <summary>Those that kept personal data when requests did not say yet whom they asked.</summary>
    static readonly string[] first = ["customers", "loyalty", "segmentation", "service-desk"];

    public static Erasure Initial { get; } = new(null, [], new Dictionary<string, DateTimeOffset>());

    public Erasure Evolve(IErasureEvent @event) =>
        @event switch
        {
            ErasureRequested e => this with
            {
                RequestedAt = e.OccurredAt,
                Asked = e.Rooms ?? first,
                Acknowledged = new Dictionary<string, DateTimeOffset>(Acknowledged) { ["customers"] = e.OccurredAt },
            },
            ErasureAcknowledged e => this with
            {
                Acknowledged = new Dictionary<string, DateTimeOffset>(Acknowledged) { [e.Context] = e.OccurredAt },
            },
            _ => this,
        };

    public IEnumerable<string> Outstanding => Asked.Where(c => !Acknowledged.ContainsKey(c));

    public static Guid IdOf(Guid customerId) => NameId.For("erasure", customerId.ToString());

    public static Stream<Erasure, IErasureEvent> Of(Guid customerId) => new(IdOf(customerId));
}

public interface IErasureEvent;

/// <summary>Reason is a code: consent-withdrawn, request, purpose-achieved, retention, or retracted.</summary>
/// <param name="Rooms">Those that are asked to erase. A room that comes later makes no finished erasure unfinished.</param>
public sealed record ErasureRequested(Guid CustomerId, string Reason, DateTimeOffset OccurredAt, IReadOnlyList<string>? Rooms = null)
    : IErasureEvent
{
    /// <summary>The reason where what alone told of the customer was retracted.</summary>
    public const string Retracted = "retracted";
}

public sealed record ErasureAcknowledged(Guid CustomerId, string Context, DateTimeOffset OccurredAt) : IErasureEvent;
