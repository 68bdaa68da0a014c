using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using CrmPlatform.Contracts;
using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// A room's own user at the broker, named like the room. It declares and reads the room's queues alone, and publishes under the room's name
/// alone: the routing key of a fact begins with its publisher, and the broker compares it. The migration creates the user, with the
/// topology, signed in as an administrator (<c>ConnectionStrings:RabbitMqManagement</c>). Where one user serves all rooms, nothing of this
/// is done, and nothing is kept apart.
/// </summary>
public static class BrokerUser
{
    public const string Management = "ConnectionStrings:RabbitMqManagement";

    /// <summary>Whether this service signs in as its room's own user.</summary>
    public static bool IsOwn(IConfiguration configuration) => Of(Broker.Address(configuration)).Name == configuration["Context"];

    /// <summary>Nothing happens where no address of the management is set.</summary>
    /// <exception cref="SettingException">The service would sign in as somebody else.</exception>
    public static async Task Create(IConfiguration configuration, string room, CancellationToken ct)
    {
        if (configuration.Address(Management, "http://admin:password@host:15672", required: false, "http", "https") is not { } management)
            return;
        var broker = Broker.Address(configuration);
        var (user, password) = Of(broker);
        if (user != room)
            throw new SettingException("ConnectionStrings:RabbitMq", $"an address with the user {room}, since {Management} is set");
        var most = configuration.Whole("PublicStream:MostBytes", 0, 0);
        await DeclareTopology(broker, management, Broker.SegmentBytes(configuration), ct);
        using var http = new HttpClient
        {
            BaseAddress = new(
                management.GetLeftPart(UriPartial.Authority).Replace($"{management.UserInfo}@", "", StringComparison.Ordinal)
            ),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(management.UserInfo)))
        );
        var vhost = Uri.EscapeDataString(new ConnectionFactory { Uri = broker }.VirtualHost);
        if (most > 0)
            await Put(
                http,
                $"/api/policies/{vhost}/crm-stream",
                new Dictionary<string, object>
                {
                    ["pattern"] = $"^{Topology.Stream.Replace(".", @"\.", StringComparison.Ordinal)}$",
                    ["definition"] = new Dictionary<string, long> { ["max-length-bytes"] = most },
                    ["apply-to"] = "queues",
                },
                ct
            );
        await Put(http, $"/api/users/{room}", new { password, tags = "" }, ct);
        var queues = $@"{room}\.p[0-{Partition.Count - 1}]";
        var publishes = !ContextMap.OnlyReads(room);
        await Put(
            http,
            $"/api/permissions/{vhost}/{room}",
            new
            {
                configure = $@"^(crm\.facts|{queues})$", // MassTransit declares what it uses, also where it is there
                write = publishes ? $@"^(crm\.facts|crm\.events|{queues})$" : $"^{queues}$",
                read = $@"^(crm\.facts|{queues})$",
            },
            ct
        );
        foreach (var exchange in new[] { Topology.Facts, Topology.Events })
            await Put(
                http,
                $"/api/topic-permissions/{vhost}/{room}",
                new
                {
                    exchange,
                    write = publishes ? $@"^{room}\." : "^$",
                    read = $@"^[a-z-]+\.p[0-{Partition.Count - 1}]\.#\.{room}\.#$", // what is sent to it, nothing else
                },
                ct
            );
    }

    /// <summary>Why a packet is refused; null where it comes from the room that it names.</summary>
    /// <param name="routingKey">What the broker let the sender use: it begins with the sender's room.</param>
    /// <param name="user">Who sent it, as the broker has checked; null where the sender did not say it, as versions before 0.3.</param>
    public static string? Refusal(FactPacket packet, string? routingKey, string? user)
    {
        var name = ContextMap.Contexts.Contains(packet.Publisher) ? packet.Publisher : "nobody";
        if (routingKey?.StartsWith($"{name}.", StringComparison.Ordinal) != true)
            return $"it says that {name} published it, and was not sent as that room";
        if (user is not null && user != name && ContextMap.Contexts.Contains(user))
            return $"it says that {name} published it, and {user} sent it";
        return packet.Facts?.All(fact => fact?.Contract?.StartsWith($"{name}.", StringComparison.Ordinal) == true) == true
            ? null
            : $"{name} published it, and not all of its facts are of that room";
    }

    internal static (string Name, string Password) Of(Uri address) =>
        address.UserInfo.Split(':', 2) is [var name, var password]
            ? (Uri.UnescapeDataString(name), Uri.UnescapeDataString(password))
            : (Uri.UnescapeDataString(address.UserInfo), "");

    static async Task DeclareTopology(Uri broker, Uri management, long segmentBytes, CancellationToken ct)
    {
        var (name, password) = Of(management);
        var factory = new ConnectionFactory
        {
            Uri = broker,
            UserName = name,
            Password = password,
        };
        await using var connection = await factory.CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        await Topology.Declare(channel, segmentBytes, ct);
    }

    static async Task Put(HttpClient http, string path, object body, CancellationToken ct)
    {
        using var answer = await http.PutAsJsonAsync(path, body, ct);
        answer.EnsureSuccessStatusCode();
    }
}
