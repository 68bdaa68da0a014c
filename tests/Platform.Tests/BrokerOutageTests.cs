extern alias Customers;

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CrmPlatform.Contracts;
using CrmPlatform.ServiceDefaults;
using CrmPlatform.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace CrmPlatform.Platform.Tests;

/// <summary>The broker goes away and comes back: seen on customers, the same code in every room.</summary>
public sealed class BrokerOutageTests(BrokerOutageTests.CutOff room) : IClassFixture<BrokerOutageTests.CutOff>
{
    const int Before = 3,
        Meanwhile = 5,
        After = 2;

    [Fact]
    public async Task without_a_broker_commands_are_accepted_and_facts_delivered_when_it_returns()
    {
        var api = room.Http("customers.read", "customers.write", "customers.purchases.write");
        var answer = await api.PostAsJsonAsync("/api/customers", new { kind = "individual", profile = new { name = "欧阳" } });
        var customer = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        await Buy(Before);
        await room.CatchUp();
        await Until("Healthy");

        room.Cable.Cut();
        await Buy(Meanwhile);
        await Until("Degraded");
        (await room.Anonymous().GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await room.Anonymous().GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK); // a degraded service goes on serving

        room.Cable.Mend();
        await Until("Healthy");
        await Buy(After);
        (await Delivered(customer)).ShouldBe(Enumerable.Range(0, Before + Meanwhile + After).Select(n => $"{n}"));

        async Task Buy(int count)
        {
            for (var n = 0; n < count; n++)
                (
                    await api.PostAsJsonAsync(
                        "/api/customers/purchases",
                        new
                        {
                            source = "outage",
                            orderNumber = $"{room.Orders++}",
                            customerId = customer,
                            channel = "web",
                            currency = "USD",
                            occurredAt = "2026-05-05T10:00:00Z",
                            lines = new[]
                            {
                                new
                                {
                                    productId = "p",
                                    quantity = 1,
                                    net = 1,
                                },
                            },
                        }
                    )
                ).StatusCode.ShouldBe(HttpStatusCode.Created);
        }
    }

    async Task Until(string status)
    {
        var seen = "";
        for (var i = 0; i < 600 && seen != status; i++)
        {
            seen = (await room.Anonymous().GetFromJsonAsync<JsonElement>("/health/ready")).GetProperty("status").GetString();
            if (seen != status)
                await Task.Delay(100);
        }
        seen.ShouldBe(status);
    }

    /// <summary>
    /// Order numbers that wait for loyalty, which does not run here: each once, in the order of their first coming. The feed may take
    /// another confirmation that was lost for a failure and try again, so nobody asks it how far it is.
    /// </summary>
    async Task<List<string>> Delivered(Guid customer)
    {
        var orders = new Dictionary<Guid, string>();
        var all = new TaskCompletionSource();
        await using var connection = await new ConnectionFactory { Uri = new(room.Vhost.Address) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            foreach (
                var fact in JsonDocument
                    .Parse(message.Body)
                    .RootElement.GetProperty("message")
                    .GetProperty("facts")
                    .Deserialize<List<Fact>>(JsonSerializerOptions.Web)!
            )
                if (fact.Contract == "customers.purchase-recorded")
                    orders.TryAdd(fact.EventId, fact.Data.GetProperty("orderNumber").GetString()!);
            if (orders.Count >= Before + Meanwhile + After)
                all.TrySetResult();
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(Topology.Queue("loyalty", Partition.Of(customer)), autoAck: true, consumer);
        await all.Task.WaitAsync(TimeSpan.FromSeconds(90));
        return [.. orders.Values];
    }

    /// <summary>A customers service whose line to the broker can be cut.</summary>
    public sealed class CutOff : Room<Customers::Program>
    {
        Cable? cable;

        public int Orders { get; set; }

        public Cable Cable => cable ??= new(new Uri(Vhost.Address).Host, new Uri(Vhost.Address).Port);

        protected override string BrokerAddress =>
            new UriBuilder(Vhost.Address) { Port = Cable.Port }
                .Uri
                .AbsoluteUri;
    }
}
