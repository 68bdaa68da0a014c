namespace CrmPlatform.Loyalty.Accounts;

/// <summary>What can happen on a client's day.</summary>
public interface IAdjustmentDayEvent;

/// <summary>A balance was corrected without a second person.</summary>
/// <param name="Points">Signed.</param>
public sealed record AdjustedAlone(Guid AdjustmentId, long Points, DateTimeOffset OccurredAt) : IAdjustmentDayEvent;

/// <summary>
/// What one client has corrected alone on one business day, over all accounts: else many small corrections would need no second person.
/// </summary>
public sealed record AdjustmentDay : IAggregate<AdjustmentDay, IAdjustmentDayEvent>
{
    public static AdjustmentDay Initial { get; } = new();

    /// <param name="by">The subject of the client's token.</param>
    public static Stream<AdjustmentDay, IAdjustmentDayEvent> Of(string by, DateOnly day) =>
        new(NameId.For("adjustment-day", by, day.ToString("O", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>Given and taken, added up.</summary>
    public long Points { get; private init; }

    public AdjustmentDay Evolve(IAdjustmentDayEvent @event) =>
        @event is AdjustedAlone e ? this with { Points = Points + Math.Abs(e.Points) } : this;
}
