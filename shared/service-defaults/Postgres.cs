using Microsoft.Extensions.Configuration;

namespace CrmPlatform.ServiceDefaults;

static class Postgres
{
    const string Always = "-c jit=off -c tcp_keepalives_idle=3 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3";

    /// <summary>
    /// A connection pool of the service. Its sessions look up tables of the read models (schema read) before those of the log, and use
    /// planner settings for statements over arrays.
    /// </summary>
    /// <param name="share">Divides <c>Maximum Pool Size</c>: 2 allows half of it.</param>
    public static NpgsqlDataSource Open(IConfiguration configuration, string context, int share = 1)
    {
        var connection = Connection(configuration, context, share);
        // Generic plans: planning a statement for each array length would cost more than executing it. No sequential scans: a generic plan
        // may be made while a table is still empty, and must be right when it is full. Keepalives: the locks of a machine that vanished are
        // released within seconds.
        connection.Options = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off " + Always;
        return Build(connection, share == 1 ? context : context + "-writes");
    }

    /// <summary>
    /// A connection pool for Marten's sessions, with PostgreSQL's default planner settings: with those of the other pools, range queries
    /// take many times as long.
    /// </summary>
    public static NpgsqlDataSource OpenForSessions(IConfiguration configuration, string context, int share)
    {
        var connection = Connection(configuration, context, share);
        connection.Options = Always;
        return Build(connection, context + "-sessions");
    }

    // The pool's name in metrics. Without one, metrics are labelled with the connection string, which differs after each start.
    static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder connection, string name) =>
        new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = name }.Build();

    static NpgsqlConnectionStringBuilder Connection(IConfiguration configuration, string context, int share)
    {
        var connection = Parse(configuration, "ConnectionStrings:Postgres");
        connection.SearchPath = "read,public";
        connection.ApplicationName = $"crm-{context}@{Environment.MachineName}:{Environment.ProcessId}";
        connection.MaxAutoPrepare = 200;
        connection.AutoPrepareMinUsages = 2;
        connection.IncludeErrorDetail = false;
        // Without this the driver looks for the Kerberos library and complains where there is none.
        connection.GssEncryptionMode = GssEncryptionMode.Disable;
        // No reset: nothing here leaves session state behind (a rebuild restores its search path), and a reset costs seven statements per
        // use.
        connection.NoResetOnClose = true;
        connection.MaxPoolSize = Math.Max(1, connection.MaxPoolSize / share);
        connection.MinPoolSize = Math.Min(connection.MinPoolSize, connection.MaxPoolSize);
        if (!connection.ContainsKey("Timeout"))
            connection.Timeout = 5;
        return connection;
    }

    /// <exception cref="SettingException">The connection string is missing or malformed.</exception>
    public static NpgsqlConnectionStringBuilder Parse(IConfiguration configuration, string name)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(configuration[name]);
            if (connection is { Host.Length: > 0, Database.Length: > 0 })
                return connection;
        }
        catch (ArgumentException)
        {
            // The driver's message would quote the text, which holds a password.
        }
        throw new SettingException(name, "a connection string like Host=db;Database=loyalty;Username=loyalty_app;Password=…");
    }
}
