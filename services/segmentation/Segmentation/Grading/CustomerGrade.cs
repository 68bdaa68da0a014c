using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Grading;

/// <summary>The stream is named for both, so the facts say them.</summary>
public interface IGradeEvent
{
    Guid CustomerId { get; }
    string Scheme { get; }
    DateTimeOffset OccurredAt { get; }
}

/// <summary>A run found another grade than the one before.</summary>
/// <param name="Through">The last event of the log that the run had counted.</param>
public sealed record GradeComputed(
    Guid CustomerId,
    string Scheme,
    int Version,
    string? From,
    string Grade,
    decimal Score,
    Guid RunId,
    DateOnly AsOf,
    long Through,
    DateTimeOffset OccurredAt
) : IGradeEvent;

public sealed record GradeOverridden(
    Guid CustomerId,
    string Scheme,
    string Grade,
    string Reason,
    string By,
    DateTimeOffset Until,
    DateTimeOffset OccurredAt
) : IGradeEvent;

/// <param name="Cause"><c>until</c>, <c>withdrawn</c> or <c>merged</c>.</param>
public sealed record OverrideEnded(Guid CustomerId, string Scheme, string Cause, DateTimeOffset OccurredAt) : IGradeEvent;

/// <summary>There is no computed grade any more, and what others were told of the scheme is void.</summary>
/// <param name="Reason"><c>no-net-orders</c>, <c>merged</c>, <c>separated</c>, or <c>override-ended</c> where there is no
/// other one.</param>
public sealed record GradeVoided(Guid CustomerId, string Scheme, string Reason, DateTimeOffset OccurredAt) : IGradeEvent, ISaidOfCustomer;

/// <summary>The grade that stands, and that others are told.</summary>
/// <param name="Cause"><c>run</c>, <c>scheme</c> (the first run of a version), <c>override</c> or <c>override-ended</c>.</param>
/// <param name="RunId">The run of the computed grade; empty before the first.</param>
public sealed record GradeChanged(
    Guid CustomerId,
    string Scheme,
    string? From,
    string To,
    Guid RunId,
    string Cause,
    DateTimeOffset OccurredAt
) : IGradeEvent, ISaidOfCustomer;

/// <summary>Runs of a scheme are published in this order.</summary>
public readonly record struct RunOrder(DateOnly AsOf, int Version, long Through)
{
    public static RunOrder? Of(GradeComputed? found) => found is null ? null : new(found.AsOf, found.Version, found.Through);

    public bool IsAfter(RunOrder other) => (AsOf, Version, Through).CompareTo((other.AsOf, other.Version, other.Through)) > 0;
}

/// <summary>A customer's grade in a scheme: what runs computed, and what people said instead.</summary>
public sealed record CustomerGrade : IAggregate<CustomerGrade, IGradeEvent>
{
    public static CustomerGrade Initial { get; } = new();

    public static Stream<CustomerGrade, IGradeEvent> Of(Guid customerId, string scheme) =>
        new(NameId.For("customer-grade", customerId.ToString(), scheme));

    /// <summary>Decides about a grade with what is known of the customer; of who has been forgotten nothing more is recorded.</summary>
    public static Write About(Guid customerId, string scheme, Func<CustomerGrade, CustomerValue, IGradeEvent[]> decide) =>
        Write.To(
            Of(customerId, scheme),
            CustomerValue.Of(customerId),
            (grade, customer) =>
            {
                if (!customer.State.Forgotten)
                    grade.Append(decide(grade.State, customer.State));
            }
        );

    /// <summary>What the last published run found; null for who was in none, or has left since.</summary>
    public GradeComputed? Computed { get; private init; }

    public GradeOverridden? Override { get; private init; }

    /// <summary>The grade that stands, as others were told it.</summary>
    public string? Told { get; private init; }

    public DateTimeOffset At { get; private init; }

    public CustomerGrade Evolve(IGradeEvent @event) =>
        (
            @event switch
            {
                GradeComputed e => this with { Computed = e },
                GradeOverridden e => this with { Override = e },
                OverrideEnded => this with { Override = null },
                GradeVoided => this with { Computed = null, Told = null },
                GradeChanged e => this with { Told = e.To },
                _ => this,
            }
        ) with
        {
            At = @event.OccurredAt,
        };
}
