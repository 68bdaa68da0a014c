using CrmPlatform.Segmentation.Customers;

namespace CrmPlatform.Segmentation.Facts;

public sealed record PageViewNoted(Guid PageViewId, string? Category, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed record TicketNoted(Guid TicketId, string Kind, string Category, DateTimeOffset OccurredAt) : ICustomerEvent;

/// <summary>The ticket is solved or closed.</summary>
public sealed record TicketSettled(Guid TicketId, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed record TicketOpenAgain(Guid TicketId, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed record BreachNoted(Guid TicketId, string Clock, DateTimeOffset OccurredAt) : ICustomerEvent;

/// <summary>A promise that had been told as missed was kept: the breach of <paramref name="BreachedAt"/> was none.</summary>
public sealed record BreachTakenBack(Guid TicketId, string Clock, DateTimeOffset BreachedAt, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed record RedemptionNoted(Guid RedemptionId, long Points, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed record CouponUseNoted(Guid OrderId, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed record AttendanceNoted(Guid ActivityId, DateTimeOffset OccurredAt) : ICustomerEvent;
