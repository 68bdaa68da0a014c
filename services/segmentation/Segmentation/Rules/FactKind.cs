namespace CrmPlatform.Segmentation.Rules;

/// <summary>What a fact says. Numbers are stored: a new kind is added at the end.</summary>
public enum FactKind : byte
{
    // What happened, at an instant.
    Registered = 1,
    PageView = 2,
    Interaction = 3,
    Ticket = 4,
    Breach = 5,
    Survey = 6,
    PointsSpent = 7,
    CouponUsed = 8,
    Attendance = 9,

    // What holds, from an instant until another.
    Profile = 20,
    Consent = 21,
    Tier = 22,
    OpenTicket = 23,
    PinnedIn = 24,
    PinnedOut = 25,

    // What this room says of a customer, or of the group that the customer stands for.
    Stage = 40,
    Grid = 41,
    ChineseType = 42,
    Recency = 43,
    Frequency = 44,
    Monetary = 45,
    Grade = 46,
    Member = 47,
    RiskBand = 48,

    /// <summary>An episode of churn, while it is open.</summary>
    Churn = 49,
}
