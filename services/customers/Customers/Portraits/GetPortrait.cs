using System.Globalization;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Timelines;

namespace CrmPlatform.Customers.Portraits;

/// <summary>
/// The portrait 画像: basics, behaviour, value, service and loyalty, every value with the event that it came from. Missing is null, never zero.
/// </summary>
public sealed record Portrait(Guid CustomerId, string Kind, bool Forgotten, DateTimeOffset? AsOf, DateTimeOffset? KnownAt, Portrait.BasicsPart Basics, Portrait.BehaviourPart Behaviour,
    Portrait.ValuePart Value, Portrait.ServicePart Service, Portrait.LoyaltyPart Loyalty, int Events)
{
    public sealed record BasicsPart(Sourced<string>? Name, Sourced<string>? Gender, Sourced<string>? AgeBand, Sourced<string>? IncomeBand, Sourced<int>? HouseholdSize, Sourced<string>? Province, Sourced<string>? City,
        Sourced<string>? Language, IReadOnlyList<Contact>? Contacts, Psychographics? Psychographics, IReadOnlyDictionary<string, TagOrigin> Tags, IReadOnlyDictionary<string, Sourced<bool>> Consents, DateTimeOffset? RegisteredAt);

    public sealed record Share(string Name, decimal Value, decimal Percent);

    /// <param name="NetOrders">Purchases less those that were wholly returned.</param>
    /// <param name="BestContactHour">Hour of the business's day in which most contacts were answered; null below 5 answered contacts.</param>
    public sealed record BehaviourPart(Sourced<int>? Purchases, Sourced<int>? NetOrders, Sourced<decimal>? NetRevenue, string? Currency, decimal? AverageOrder, Sourced<DateTimeOffset>? FirstPurchase,
        Sourced<DateTimeOffset>? LastPurchase, IReadOnlyList<Share> Channels, IReadOnlyList<Share> Categories, Sourced<int>? PageViews, Sourced<int>? Interactions, int? BestContactHour);

    public sealed record ValuePart(Sourced<Rfm>? Rfm, Sourced<string>? Abc, Sourced<string>? Lifecycle, IReadOnlyDictionary<string, Sourced<bool>> Segments);

    public sealed record ServicePart(Sourced<int>? Tickets, int OpenTickets, Sourced<int>? Breaches, Sourced<int>? LastSatisfaction, decimal? MeanSatisfaction, int SatisfactionAnswers);

    public sealed record LoyaltyPart(Sourced<long>? Points, long PointsEarned, Sourced<string>? Tier);

    /// <summary>Reads the live portrait, or folds the one of another moment: asOf filters on when things happened, knownAt on when this service learned of them.</summary>
    public static async Task<Portrait?> Of(Guid id, DateTimeOffset? asOf, DateTimeOffset? knownAt, EventStore store, NpgsqlDataSource db, Business business, CancellationToken ct)
    {
        var profile = CustomerProfile.Fold(await store.FetchStream(id, ct: ct), asOf, knownAt);
        if (profile is null) return null;
        var state = asOf is null && knownAt is null
            ? await Live(db, id, ct)
            : Fold(id, (await store.FetchStream(Timeline.IdOf(id), ct: ct)).Where(e => e.Data is Noted n && !(n.OccurredAt > asOf) && !(e.RecordedAt > knownAt)), business.Zone);
        return Join(profile, state, asOf, knownAt);
    }

    public static PortraitState Fold(Guid id, IEnumerable<RecordedEvent> timeline, TimeZoneInfo zone) => timeline.Aggregate(new PortraitState(id), (state, e) => state.Fold((Noted)e.Data, zone));

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/api/customers/{id:guid}/portrait", async (Guid id, string? asOf, string? knownAt, EventStore store, NpgsqlDataSource db, Business business, CancellationToken ct) =>
        await Of(id, Moment("asOf", asOf, business), Moment("knownAt", knownAt, business), store, db, business, ct) is { } portrait ? Results.Ok(portrait) : Answer.NotFound("customer", id))
        .RequirePermission("customers.read").Produces<Portrait>().WithName("GetPortrait").WithSummary("A customer's portrait, now or at another moment");

    /// <summary>An instant with offset, or a business day, which means its end.</summary>
    public static DateTimeOffset? Moment(string field, string? text, Business business) => text switch
    {
        null or "" => null,
        _ when DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue => business.StartOf(day.AddDays(1)).AddTicks(-1),
        _ when text.Length > 10 && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-', ' ']) > 10) && DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) => instant.ToUniversalTime(),
        _ => throw new BadRequestException(field, "a day like 2026-05-31 or an instant like 2026-05-31T12:00:00Z"),
    };

    static async Task<PortraitState> Live(NpgsqlDataSource db, Guid id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition("select state from portrait where customer_id = @id", new { id }, cancellationToken: ct)) is { } json ? PortraitView.Read(json) : new(id);
    }

    static Portrait Join(CustomerProfile p, PortraitState s, DateTimeOffset? asOf, DateTimeOffset? knownAt)
    {
        Sourced<T>? Basic<T>(T? value) => value is null ? null : new(value, p.ProfileEvent, p.ProfileAt);
        var netOrders = s.Purchases is null ? null : s.Purchases with { Value = s.Purchases.Value - (s.WhollyReturned?.Value ?? 0) };
        var best = (s.AnsweredHours?.Values.Sum() ?? 0) >= 5 ? s.AnsweredHours!.MaxBy(h => h.Value).Key : (int?)null;
        return new(p.Id, p.Kind == CustomerKind.Enterprise ? "enterprise" : "individual", p.Forgotten, asOf, knownAt,
            new(Basic(p.Details?.Name), Basic(p.Details?.Demographics.Gender), Basic(p.Details?.Demographics.AgeBand), Basic(p.Details?.Demographics.IncomeBand), p.Details?.Demographics.HouseholdSize is { } size ? new(size, p.ProfileEvent, p.ProfileAt) : null,
                Basic(p.Details?.Demographics.Province), Basic(p.Details?.Demographics.City), Basic(p.Details?.Demographics.Language), p.Details?.Contacts, p.Details?.Psychographics, p.Tags, s.Consents ?? [], p.RegisteredAt),
            new(s.Purchases, netOrders, s.NetRevenue, s.Currency, netOrders is { Value: > 0 } && s.NetRevenue is not null ? Math.Round(s.NetRevenue.Value / netOrders.Value, 2) : null, s.FirstPurchase, s.LastPurchase,
                Shares((s.Channels ?? []).Select(c => (c.Key, (decimal)c.Value))), Shares((s.Categories ?? []).Select(c => (c.Key, c.Value))), s.PageViews, s.Interactions, best),
            new(s.Rfm, s.Abc, s.Stage, s.Segments?.Where(x => x.Value.Value).ToDictionary() ?? []),
            new(s.Tickets, s.TicketStates?.Values.Count(t => t.Value is "open" or "waiting") ?? 0, s.Breaches, s.LastSatisfaction, s.SatisfactionCount == 0 ? null : Math.Round((decimal)s.SatisfactionSum / s.SatisfactionCount, 2), s.SatisfactionCount),
            new(s.Points, s.PointsEarned, s.Tier), s.Events);
    }

    static Share[] Shares(IEnumerable<(string Name, decimal Value)> parts)
    {
        var all = parts.OrderByDescending(p => p.Value).ThenBy(p => p.Name, StringComparer.Ordinal).ToList();
        var sum = all.Sum(p => p.Value);
        return [.. all.Select(p => new Share(p.Name, p.Value, sum == 0 ? 0 : Math.Round(100 * p.Value / sum, 1)))];
    }
}
