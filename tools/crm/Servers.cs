using System.Net.Sockets;
using Npgsql;

namespace CrmPlatform.Crm;

/// <summary>Whether the database server and the broker answer, ours or foreign ones.</summary>
public static class Servers
{
    public static async Task<Health> Postgres(Instance instance, CancellationToken ct)
    {
        var target = new NpgsqlConnectionStringBuilder(instance.PostgresAdmin) { Timeout = 5, Pooling = false };
        var where = $"{target.Host}:{target.Port}";
        try
        {
            await using var connection = new NpgsqlConnection(target.ConnectionString);
            await connection.OpenAsync(ct);
            return new("postgresql", true, where, $"PostgreSQL {connection.PostgreSqlVersion}");
        }
        catch (NpgsqlException away)
        {
            return new("postgresql", false, where, away.Message.ReplaceLineEndings(" "));
        }
    }

    public static async Task<Health> RabbitMq(Instance instance, CancellationToken ct)
    {
        var target = new Uri(instance.RabbitMq);
        var port =
            target.Port > 0 ? target.Port
            : target.Scheme == "amqps" ? 5671
            : 5672;
        var where = $"{target.Host}:{port}";
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(target.Host, port, ct);
            return new("rabbitmq", true, where, "accepts connections");
        }
        catch (SocketException away)
        {
            return new("rabbitmq", false, where, away.Message);
        }
    }
}
