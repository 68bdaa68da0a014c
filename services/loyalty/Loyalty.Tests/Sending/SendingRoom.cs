using Microsoft.Extensions.DependencyInjection;

namespace CrmPlatform.Loyalty.Tests.Sending;

/// <summary>A room whose mail ends in a folder, and whose clock stands at ten in the morning of the business's zone.</summary>
public class SendingRoom : LoyaltyRoom
{
    public static readonly DateTimeOffset Ten = new(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);

    public ClearingCustomers Customers { get; } = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("crm-sent-").FullName;

    /// <summary>What goes wrong with a hand-over, before or after the sink has it; null for nothing.</summary>
    public Func<OutgoingMessage, Task<SendOutcome?>>? Before { get; set; }

    public Func<OutgoingMessage, Task<SendOutcome?>>? After { get; set; }

    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["Services:Customers"] = Customers.Address,
            ["Auth:Authority"] = Customers.Address,
            ["Sending:ClientId"] = "loyalty",
            ["Sending:ClientSecret"] = "secret",
            ["Sending:Channels:email:Way"] = "file",
            ["Sending:Channels:email:Folder"] = Folder,
            ["Sending:Channels:email:From"] = "Tea House <hello@tea.example>",
            // Tests say when it runs.
            ["Sending:Every"] = "1.00:00:00",
        };

    /// <summary>The room's own way to the folder, with what tests let go wrong.</summary>
    protected override void Add(IServiceCollection services) =>
        services.AddSingleton(s =>
        {
            var own = WaysOut.Of(s.GetRequiredService<SendingOptions>(), s.GetRequiredService<IHttpClientFactory>(), Clock).Of("email")!;
            return new WaysOut(new Dictionary<string, IWayOut> { ["email"] = new Faulty(this, own) });
        });

    public override async Task InitializeAsync()
    {
        await Customers.Start();
        Clock.Stop(Ten);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Customers.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public Task Send() => Services.GetRequiredService<SendMessages>().Run(CancellationToken.None);

    public async Task<Guid> Planned(
        Guid customer,
        string purpose = "marketing",
        string channel = "email",
        string template = "a1",
        DateTimeOffset? notBefore = null,
        TimeSpan? worth = null
    )
    {
        var (id, from) = (Message.IdOf("test", Guid.CreateVersion7().ToString()), notBefore ?? Clock.GetUtcNow());
        await Store.Execute([
            Message.Planned(
                id,
                new(
                    customer,
                    purpose,
                    channel,
                    template,
                    null,
                    new Dictionary<string, string>(),
                    from,
                    from + (worth ?? TimeSpan.FromDays(2))
                )
            ),
        ]);
        return id;
    }

    public Guid Person(ClearingCustomers.Person? person = null)
    {
        var id = Guid.CreateVersion7();
        Customers.Book[id] = person ?? new();
        return id;
    }

    public async Task<(string State, string? Reason)> StateOf(Guid message)
    {
        var (state, _) = await Store.Read(Message.Of(message));
        var items = (await Get($"messages?customerId={state.Plan!.CustomerId}&limit=200")).GetProperty("items").EnumerateArray();
        var shown = items.Single(i => i.GetProperty("messageId").GetGuid() == message);
        return (shown.GetProperty("state").GetString()!, shown.GetProperty("reason").GetString());
    }

    /// <summary>The files of a message, one for each hand-over that the sink took.</summary>
    public string[] Sent(Guid message) => [.. Directory.GetFiles(Folder, $"{message}.*").Order(StringComparer.Ordinal)];

    sealed class Faulty(SendingRoom room, IWayOut way) : IWayOut
    {
        public async Task<SendOutcome> Send(OutgoingMessage message)
        {
            if (room.Before is { } before && await before(message) is { } instead)
                return instead;
            var outcome = await way.Send(message);
            return room.After is { } after && await after(message) is { } other ? other : outcome;
        }
    }
}
