extern alias Customers;
extern alias Loyalty;

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Contracts;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using RabbitMQ.Client;

namespace CrmPlatform.Platform.Tests;

/// <summary>Rooms with a user each at the broker hear one another, and none can speak for another.</summary>
public sealed class BrokerUserTests(BrokerUserTests.TwoRooms rooms) : IClassFixture<BrokerUserTests.TwoRooms>
{
    readonly OwnUser<Customers::Program> customers = rooms.Customers;
    readonly OwnUser<Loyalty::Program> loyalty = rooms.Loyalty;
    readonly string desk = rooms.Desk;

    [Fact]
    public async Task a_forged_fact_is_refused_kept_for_the_record_and_delays_nobody()
    {
        var id = await Registered();
        var forged = Room<Loyalty::Program>.AsFact("customers", new CustomerForgotten(id, TimeProvider.System.GetUtcNow()));
        // What the service desk can do at most: send it as its own.
        await Send(desk, $"service-desk.p{Partition.Of(id)}.loyalty", new FactPacket("customers", Partition.Of(id), [forged]));
        var letters = await Until(
            async () =>
                (await loyalty.Http("ops.dead-letters").GetFromJsonAsync<JsonElement>("/api/loyalty/dead-letters")).GetProperty("items"),
            items => items.GetArrayLength() > 0
        );

        var letter = letters.EnumerateArray().Single();
        letter.GetProperty("eventId").GetGuid().ShouldBe(forged.EventId);
        letter.GetProperty("state").GetString().ShouldBe("dropped");
        letter.GetProperty("why").GetString().ShouldBe("it says that customers published it, and was not sent as that room");
        (await loyalty.Http("ops.read").GetStringAsync("/metrics")).ShouldContain("\ncrm_facts_refused_total");
        (await loyalty.Http("ops.dead-letters").PostAsync($"/api/loyalty/dead-letters/{forged.EventId}/replay", null)).StatusCode.ShouldBe(
            HttpStatusCode.NotFound,
            "it cannot be made true"
        );
        await Buys(id);
        await Until(async () => await loyalty.Store.FetchStream(id), events => events.Count > 1); // whoever is forgotten earns nothing
    }

    [Theory]
    [InlineData(Topology.Facts, "customers.p0.loyalty")]
    [InlineData(Topology.Events, "customers.customer-forgotten")]
    [InlineData("", "segmentation.p0")]
    [InlineData("segmentation.p0", "")]
    public async Task the_broker_refuses_what_a_room_sends_as_another(string exchange, string routingKey) =>
        (await Refused(desk, exchange, routingKey, new BasicProperties())).ShouldBe((ushort)403);

    [Fact]
    public async Task the_broker_refuses_a_message_that_names_another_user() =>
        (await Refused(desk, Topology.Facts, "service-desk.p0.loyalty", new BasicProperties { UserId = "customers" })).ShouldBe(
            (ushort)406
        );

    [Theory]
    [InlineData("customers.p0.loyalty", null, null)]
    [InlineData("customers.p0.loyalty", "customers", null)]
    [InlineData("customers.p0.loyalty", "crm", null)]
    [InlineData("customers.p0.loyalty", "service-desk", "service-desk sent it")]
    [InlineData("service-desk.p0.loyalty", null, "was not sent as that room")]
    [InlineData(null, "customers", "was not sent as that room")]
    public void a_packet_is_taken_from_the_room_that_it_names(string? routingKey, string? user, string? refusal)
    {
        var fact = Room<Loyalty::Program>.AsFact("customers", new CustomerForgotten(Guid.CreateVersion7(), DateTimeOffset.UnixEpoch));
        var why = BrokerUser.Refusal(new FactPacket("customers", 0, [fact]), routingKey, user);
        (why is null).ShouldBe(refusal is null, why);
        why?.ShouldEndWith(refusal!);
        BrokerUser
            .Refusal(new FactPacket("service-desk", 0, [fact]), "service-desk.p0.loyalty", null)!
            .ShouldEndWith("not all of its facts are of that room");
    }

    async Task<Guid> Registered()
    {
        var answer = await customers.Http("customers.write").PostAsJsonAsync("/api/customers", new { kind = "individual" });
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        await customers.CatchUp(); // the feed and the public stream, with the room's own user
        await Until(async () => await loyalty.Store.FetchStream(id), events => events.Count == 1);
        return id;
    }

    async Task Buys(Guid id)
    {
        object[] lines =
        [
            new
            {
                productId = "p1",
                quantity = 1,
                net = 60m,
            },
        ];
        var purchase = new
        {
            source = "test",
            orderNumber = "1",
            channel = "store",
            currency = "USD",
            customerId = id,
            occurredAt = TimeProvider.System.GetUtcNow(),
            lines,
        };
        var answer = await customers.Http("customers.purchases.write").PostAsJsonAsync("/api/customers/purchases", purchase);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }

    static async Task<T> Until<T>(Func<Task<T>> ask, Func<T, bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var answer = await ask();
            if (holds(answer))
                return answer;
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>A packet as MassTransit writes it.</summary>
    static async Task Send(string address, string routingKey, FactPacket packet)
    {
        await using var connection = await new ConnectionFactory { Uri = new(address) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new(true, true));
        var properties = new BasicProperties { ContentType = "application/vnd.masstransit+json", UserId = "service-desk" };
        var message = new
        {
            messageId = Guid.CreateVersion7(),
            messageType = (string[])["urn:message:CrmPlatform.ServiceDefaults:FactPacket"],
            message = packet,
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web);
        await channel.BasicPublishAsync(Topology.Facts, routingKey, mandatory: true, properties, body);
    }

    /// <summary>The code with which the broker closes the channel.</summary>
    static async Task<ushort> Refused(string address, string exchange, string routingKey, BasicProperties properties)
    {
        await using var connection = await new ConnectionFactory { Uri = new(address) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new(true, true));
        await Should.ThrowAsync<Exception>(async () =>
            await channel.BasicPublishAsync(exchange, routingKey, mandatory: false, properties, "{}"u8.ToArray())
        );
        return channel.CloseReason!.ReplyCode;
    }

    public sealed class TwoRooms : IAsyncLifetime
    {
        public OwnUser<Customers::Program> Customers { get; } = new("customers", null);
        public OwnUser<Loyalty::Program> Loyalty { get; private set; } = null!;

        /// <summary>The broker's address, as the service desk signs in.</summary>
        public string Desk { get; private set; } = "";

        public async Task InitializeAsync()
        {
            await Customers.InitializeAsync();
            Loyalty = new("loyalty", Customers.Vhost);
            await Loyalty.InitializeAsync();
            Desk = await OwnUser.Create("service-desk", Customers.Vhost);
        }

        public async Task DisposeAsync()
        {
            await Loyalty.DisposeAsync();
            await Customers.DisposeAsync();
        }
    }
}
