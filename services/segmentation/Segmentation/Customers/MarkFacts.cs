namespace CrmPlatform.Segmentation.Customers;

public sealed record InteractionNoted(Guid InteractionId, string Direction, string Topic, bool Answered, DateTimeOffset OccurredAt)
    : ICustomerEvent;

public sealed record SurveyNoted(Guid TicketId, string Metric, int Score, DateTimeOffset OccurredAt) : ICustomerEvent;

public sealed record TierNoted(string Tier, DateTimeOffset OccurredAt) : ICustomerEvent;
