namespace CrmPlatform.Segmentation.Rules;

/// <summary>Something that happened to a customer, or that holds from an instant until another.</summary>
/// <param name="Until">Just before this instant it still holds; <see cref="Instant.Never"/> where nothing has ended it.</param>
/// <param name="Key">What it is about: of two that hold at once about the same, the later ends the earlier.</param>
/// <param name="Amount">A score, a number of points, a size; 1 for a yes and 0 for a no.</param>
/// <param name="Source">Where it was read from, as a number that the reader gave; not stored.</param>
public record struct RuleFact(FactKind Kind, long From, long Until, ulong Key, long Amount, ulong A, ulong B, ulong C, int Source);

/// <summary>An order.</summary>
/// <param name="Until">From here on it counts no more: wholly returned, or retracted.</param>
/// <param name="Net">Minor units of the base currency, before returns.</param>
/// <param name="FirstLine">Its lines are the <paramref name="Lines"/> from here on.</param>
public record struct Order(long At, long Until, ulong Key, long Net, ulong Channel, int FirstLine, int Lines, int Source);

/// <summary>A line of an order; net in minor units of the base currency.</summary>
public record struct OrderLine(ulong Category, ulong Brand, ulong Product, long Net, bool Discounted);

/// <summary>What a return takes from an order, of one category; all of them together take what was refunded.</summary>
public record struct OrderReturn(ulong Order, long At, long Net, ulong Category, int Source);
