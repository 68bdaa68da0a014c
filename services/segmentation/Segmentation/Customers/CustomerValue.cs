using System.Collections.Immutable;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Rfm;

namespace CrmPlatform.Segmentation.Customers;

public interface ICustomerEvent;

/// <summary>After it, silence alone would next change the lifecycle stage at <see cref="DueAt"/>; null: never.</summary>
public interface IMovesDueDate : ICustomerEvent
{
    DateTimeOffset? DueAt { get; }
}

/// <param name="Net">Minor units of the base currency.</param>
/// <param name="Source">Who told it; null in facts of the first version.</param>
/// <param name="Channel">Where it was bought; null in facts of the first versions.</param>
/// <param name="Lines">What was bought; null in facts of the first versions.</param>
public sealed record PurchaseCounted(
    Guid PurchaseId,
    long Net,
    DateTimeOffset PurchasedAt,
    DateTimeOffset? DueAt,
    string? Source = null,
    string? Channel = null,
    IReadOnlyList<LineCounted>? Lines = null
) : IMovesDueDate;

/// <summary>A line of a purchase.</summary>
/// <param name="Net">Minor units of the base currency.</param>
public sealed record LineCounted(string Product, string? Category, string? Brand, long Net, bool Discounted);

/// <param name="Categories">What it takes from each category; null in facts of the first versions.</param>
public sealed record ReturnCounted(
    Guid PurchaseId,
    Guid ReturnId,
    long Net,
    bool WhollyReturned,
    DateTimeOffset ReturnedAt,
    DateTimeOffset? DueAt,
    IReadOnlyList<CategoryReturned>? Categories = null
) : IMovesDueDate;

/// <summary>What a return takes from a category; net in minor units of the base currency.</summary>
public sealed record CategoryReturned(string? Category, long Net);

/// <summary>The purchase was never made.</summary>
public sealed record PurchaseUncounted(Guid PurchaseId, DateTimeOffset RetractedAt, DateTimeOffset? DueAt) : IMovesDueDate;

/// <param name="Reason">A person's reason, as a code; null where nobody decided.</param>
public sealed record LifecycleStageChanged(
    LifecycleStage? From,
    LifecycleStage To,
    string Cause,
    DateTimeOffset OccurredAt,
    DateTimeOffset? DueAt,
    string? Reason = null
) : IMovesDueDate;

/// <summary>Time alone would next change the stage at another instant than the one noted.</summary>
public sealed record ThresholdMoved(DateTimeOffset? DueAt) : IMovesDueDate;

public sealed record RfmScored(
    int Recency,
    int Frequency,
    int Monetary,
    string Segment,
    string ChineseType,
    Guid RunId,
    DateOnly AsOf,
    bool Live,
    DateTimeOffset OccurredAt
) : ICustomerEvent;

public sealed record SegmentEntered(string Segment, int DefinitionVersion, string Reason, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed record SegmentLeft(string Segment, int DefinitionVersion, string Reason, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed record AbcGradeChanged(string? From, string To, Guid RunId, DateTimeOffset OccurredAt) : ICustomerEvent;

/// <summary>Nothing is left of what the customer bought: no scores, no type, no grade.</summary>
public sealed record PopulationLeft(string Reason, DateTimeOffset OccurredAt) : ICustomerEvent;

/// <summary>
/// The customer was forgotten. The room judges this customer no more, counts them nowhere and records nothing more of them.
/// </summary>
public sealed record PersonalDataErased(int KeysDestroyed, DateTimeOffset OccurredAt) : IMovesDueDate
{
    DateTimeOffset? IMovesDueDate.DueAt => null;
}

/// <summary>An order that was not wholly returned, with what is left of its net amount.</summary>
public readonly record struct NetOrder(Guid Id, DateTimeOffset At, long Net);

/// <summary>What a customer bought, in the order of the purchases, and where that has put them.</summary>
public sealed partial record CustomerValue : IAggregate<CustomerValue, ICustomerEvent>
{
    public static CustomerValue Initial { get; } = new();

    public static Stream<CustomerValue, ICustomerEvent> Of(Guid customerId) => new(customerId);

    public ImmutableArray<NetOrder> Orders { get; private init; } = [];
    public long Revenue { get; private init; }
    public LifecycleStage? Stage { get; private init; }
    public DateTimeOffset StageSince { get; private init; }
    public DateTimeOffset? DueAt { get; private init; }
    public RfmScores? Scores { get; private init; }
    public string? ChineseType { get; private init; }
    public string? Segment { get; private init; }
    public DateOnly ScoredAsOf { get; private init; }
    public DateTimeOffset ScoredAt { get; private init; }
    public string? Grade { get; private init; }
    public bool Forgotten { get; private init; }

    /// <summary>Something sealed is kept of the person.</summary>
    public bool HasProfile { get; private init; }

    public DateTimeOffset? LastOrderAt => Orders.IsEmpty ? null : Orders[^1].At;

    public CustomerValue Evolve(ICustomerEvent @event) =>
        @event switch
        {
            PurchaseCounted e => this with
            {
                Orders = Orders.Insert(PlaceOf(e.PurchasedAt), new(e.PurchaseId, e.PurchasedAt, e.Net)),
                Revenue = Revenue + e.Net,
                DueAt = e.DueAt,
            },
            ReturnCounted e when IndexOf(e.PurchaseId) is >= 0 and var i => Return(i, e),
            PurchaseUncounted e when IndexOf(e.PurchaseId) is >= 0 and var i => Without(i, e.DueAt),
            LifecycleStageChanged e => this with { Stage = e.To, StageSince = e.OccurredAt, DueAt = e.DueAt },
            ThresholdMoved e => this with { DueAt = e.DueAt },
            RfmScored e => this with
            {
                Scores = new(e.Recency, e.Frequency, e.Monetary),
                ChineseType = e.ChineseType,
                ScoredAsOf = e.AsOf,
                ScoredAt = e.OccurredAt,
            },
            SegmentEntered e => this with { Segment = e.Segment },
            SegmentLeft => this with { Segment = null },
            AbcGradeChanged e => this with { Grade = e.To },
            PopulationLeft e => this with { Scores = null, ChineseType = null, Segment = null, Grade = null, ScoredAt = e.OccurredAt },
            ProfileNoted => this with { HasProfile = true },
            MemberPinned e => this with { Pins = Pins.SetItem(e.Code, e) },
            MemberUnpinned e => this with { Pins = Pins.Remove(e.Code) },
            PersonalDataErased => this with { Forgotten = true, DueAt = null },
            _ => EvolveGroup(@event),
        };

    public int IndexOf(Guid purchaseId)
    {
        for (var i = Orders.Length - 1; i >= 0; i--)
            if (Orders[i].Id == purchaseId)
                return i;
        return -1;
    }

    public DateTimeOffset[] OrderInstants()
    {
        var instants = new DateTimeOffset[Orders.Length];
        for (var i = 0; i < instants.Length; i++)
            instants[i] = Orders[i].At;
        return instants;
    }

    // What is left of a wholly returned order is nothing, whatever the roundings of its returns add up to.
    CustomerValue Return(int i, ReturnCounted e) =>
        e.WhollyReturned
            ? Without(i, e.DueAt)
            : this with
            {
                Orders = Orders.SetItem(i, Orders[i] with { Net = Orders[i].Net - e.Net }),
                Revenue = Revenue - e.Net,
                DueAt = e.DueAt,
            };

    // Who has nothing left has no grade any more, also when they buy again.
    CustomerValue Without(int i, DateTimeOffset? due) =>
        this with
        {
            Orders = Orders.RemoveAt(i),
            Revenue = Revenue - Orders[i].Net,
            DueAt = due,
            Suspended = Orders.Length > 1 || Suspended is null ? Suspended : Suspended with { Grade = null },
        };

    // Nearly always the end: purchases come in order.
    int PlaceOf(DateTimeOffset at)
    {
        var i = Orders.Length;
        while (i > 0 && Orders[i - 1].At > at)
            i--;
        return i;
    }
}
