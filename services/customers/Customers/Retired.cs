using System.Text.Json;

namespace CrmPlatform.Customers;

/// <summary>
/// An entry of the timeline, which this room kept before portraits was a room of its own. Logs of that time hold it; all that it says,
/// portraits hears from the rooms that told it.
/// </summary>
public sealed record Noted(Guid CustomerId, Guid EventId, string Contract, DateTimeOffset OccurredAt, JsonElement Data);
