using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CrmPlatform.Contracts;
using CrmPlatform.Docs;
using CrmPlatform.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CrmPlatform.Platform.Tests;

/// <summary>What analysts are promised: the public stream from the first event, by plain AMQP, with a user that can only read.</summary>
public sealed class AnalystsTests(AnalystsShop shop) : IClassFixture<AnalystsShop>
{
    const string Stream = "crm.events.stream";

    [Fact]
    public async Task python_and_node_count_what_the_platform_counts_also_after_a_refill()
    {
        await shop.Sell();
        var truth = (await shop.Api.GetFromJsonAsync<JsonElement>("/api/customers/summary"))!;
        truth.GetProperty("customers").GetInt32().ShouldBe(12);

        await Task.WhenAll(Both(truth, atLeastAgain: 0));
        (await shop.Api.PostAsync("/api/customers/ops/stream-refill", null)).EnsureSuccessStatusCode();
        await shop.CatchUp();
        await Task.WhenAll(Both(truth, atLeastAgain: 12));
    }

    [Fact]
    public async Task every_message_is_a_public_contract_that_its_schema_describes()
    {
        await shop.Sell();
        var schemas = new Dictionary<string, NJsonSchema.JsonSchema>();
        foreach (var contract in ContractCatalogue.All.Where(c => !c.Internal))
            schemas[contract.Name] = await NJsonSchema.JsonSchema.FromFileAsync(Path.Combine(TestServers.Root, EventDocs.PathOf(contract)));
        var messages = await ReadAll();
        messages
            .Select(m => m.Type)
            .Distinct()
            .ShouldBe(
                [
                    "customers.customer-registered",
                    "customers.purchase-recorded",
                    "customers.purchase-returned",
                    "customers.page-viewed",
                    "customers.consent-changed",
                    "customers.interaction-recorded",
                    "customers.customer-forgotten",
                ],
                ignoreOrder: true
            );
        foreach (var (type, body) in messages)
        {
            schemas[type].Validate(body).ShouldBeEmpty($"{type}: {body}");
            foreach (var secret in new[] { "@example.com", "+86138", "欧阳" })
                body.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task the_analysts_user_reads_the_stream_and_can_do_nothing_else()
    {
        await shop.Sell();
        await using var connection = await new ConnectionFactory
        {
            Uri = new(shop.AnalystAddress),
            AutomaticRecoveryEnabled = false,
        }.CreateConnectionAsync();
        await Refused(channel => channel.BasicConsumeAsync("customers.p0", autoAck: false, new AsyncEventingBasicConsumer(channel)));
        await Refused(channel => channel.QueueDeleteAsync(Stream));
        await Refused(channel => channel.QueueDeclareAsync("mine", durable: false, exclusive: true, autoDelete: true));
        await Refused(async channel =>
        {
            var closed = new TaskCompletionSource<ShutdownEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
            channel.ChannelShutdownAsync += (_, reason) =>
            {
                closed.TrySetResult(reason);
                return Task.CompletedTask;
            };
            await channel.BasicPublishAsync("crm.events", "customers.customer-registered", "{}"u8.ToArray());
            throw new OperationInterruptedException(await closed.Task.WaitAsync(TimeSpan.FromSeconds(10)));
        });

        async Task Refused(Func<IChannel, Task> attempt)
        {
            await using var channel = await connection.CreateChannelAsync();
            (await Should.ThrowAsync<OperationInterruptedException>(() => attempt(channel))).ShutdownReason!.ReplyCode.ShouldBe(
                (ushort)403
            );
        }
    }

    IEnumerable<Task> Both(JsonElement truth, int atLeastAgain)
    {
        var folder = Path.Combine(TestServers.Root, "tests", "analysts");
        return new[] { ("/usr/bin/python3", "read_stream.py"), ("node", "read_stream.mjs") }.Select(async reader =>
        {
            var read = JsonSerializer.Deserialize<JsonElement>(
                await AnalystsShop.Run(folder, reader.Item1, reader.Item2, shop.AnalystAddress)
            );
            read.GetProperty("customers").GetInt64().ShouldBe(truth.GetProperty("customers").GetInt64(), reader.Item2);
            read.GetProperty("purchases").GetInt64().ShouldBe(truth.GetProperty("purchases").GetInt64(), reader.Item2);
            read.GetProperty("netRevenue")
                .EnumerateObject()
                .Select(r => (r.Name, r.Value.GetDecimal()))
                .ShouldBe(
                    truth
                        .GetProperty("netRevenue")
                        .EnumerateArray()
                        .Select(r => (r.GetProperty("currency").GetString()!, r.GetProperty("amount").GetDecimal())),
                    reader.Item2
                );
            read.GetProperty("again").GetInt64().ShouldBeGreaterThanOrEqualTo(atLeastAgain, reader.Item2);
        });
    }

    async Task<List<(string Type, string Body)>> ReadAll()
    {
        var marks = (await shop.Api.GetFromJsonAsync<Dictionary<string, long>>("/api/customers/ops/events"))!;
        var messages = new List<(string, string)>();
        await using var connection = await new ConnectionFactory { Uri = new(shop.AnalystAddress) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicQosAsync(0, 200, false);
        var forgotten = new TaskCompletionSource();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            messages.Add((message.BasicProperties.Type!, Encoding.UTF8.GetString(message.Body.Span)));
            message.BasicProperties.Headers!.Keys.Where(k => k is "occurred-at" or "recorded-at").Count().ShouldBe(2);
            await channel.BasicAckAsync(message.DeliveryTag, false);
            if (message.BasicProperties.Type == "customers.customer-forgotten")
                forgotten.TrySetResult();
        };
        await channel.BasicConsumeAsync(
            Stream,
            false,
            "",
            false,
            false,
            new Dictionary<string, object?> { ["x-stream-offset"] = "first" },
            consumer
        );
        await forgotten.Task.WaitAsync(TimeSpan.FromSeconds(30));
        marks["customer_forgotten"].ShouldBe(1);
        return messages;
    }
}
