using System.Net.Sockets;
using Npgsql;

namespace CrmPlatform.Crm;

/// <summary>Whether the database server and the broker answer, ours or foreign ones.</summary>
public static class Servers
{
    public static async Task<Health> Postgres(Instance instance, CancellationToken ct)
    {
        var target = Target(instance.PostgresAdmin);
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

    static NpgsqlConnectionStringBuilder Target(string text)
    {
        try
        {
            return new(text) { Timeout = 5, Pooling = false };
        }
        catch (ArgumentException)
        {
            // The driver's message would quote the text, which holds a password.
            throw new CrmException("CRM_POSTGRES is no connection string like Host=127.0.0.1;Port=5432;Username=postgres;Password=…");
        }
    }

    public static async Task<Health> RabbitMq(Instance instance, CancellationToken ct)
    {
        if (!Uri.TryCreate(instance.RabbitMq, UriKind.Absolute, out var target) || target.Scheme is not ("amqp" or "amqps"))
            throw new CrmException("CRM_RABBITMQ is no address like amqp://user:password@127.0.0.1:5672/crm");
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
