using Microsoft.Extensions.Configuration;

namespace CrmPlatform.ServiceDefaults;

static class Postgres
{
    const string Always = "-c jit=off -c tcp_keepalives_idle=3 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3";

    /// <summary>
    /// A pool of the service. Its sessions find the read models before the log, and plan as suits statements over arrays.
    /// </summary>
    /// <param name="share">It has at most this part of <c>Maximum Pool Size</c>: 2 is half of it.</param>
    public static NpgsqlDataSource Open(IConfiguration configuration, string context, int share = 1)
    {
        var connection = Connection(configuration, context, share);
        // Set-based statements over arrays: a plan for each array's length costs more than the statement itself. Such a plan may be made
        // while a table is still empty and must be right when it is full: by index. And a machine that vanishes gives its locks back within
        // seconds.
        connection.Options = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off " + Always;
        return Build(connection, share == 1 ? context : context + "-writes");
    }

    /// <summary>
    /// A pool for Marten's sessions: what they ask is planned as PostgreSQL thinks best. Under the options of the other pools, reads of
    /// ranges take many times as long.
    /// </summary>
    public static NpgsqlDataSource OpenForSessions(IConfiguration configuration, string context, int share)
    {
        var connection = Connection(configuration, context, share);
        connection.Options = Always;
        return Build(connection, context + "-sessions");
    }

    // Metrics name the pool so: without a name they would show the connection string, another one after each start.
    static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder connection, string name) =>
        new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = name }.Build();

    static NpgsqlConnectionStringBuilder Connection(IConfiguration configuration, string context, int share)
    {
        var connection = new NpgsqlConnectionStringBuilder(
            configuration.GetConnectionString("Postgres") ?? throw new InvalidOperationException("ConnectionStrings:Postgres is needed")
        )
        {
            SearchPath = "read,public",
            ApplicationName = $"crm-{context}@{Environment.MachineName}:{Environment.ProcessId}",
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false,
            // Nothing here leaves session state behind (a rebuild takes its search path back itself), and a reset is seven statements for
            // each use.
            NoResetOnClose = true,
        };
        connection.MaxPoolSize = Math.Max(1, connection.MaxPoolSize / share);
        connection.MinPoolSize = Math.Min(connection.MinPoolSize, connection.MaxPoolSize);
        if (!connection.ContainsKey("Timeout"))
            connection.Timeout = 5;
        return connection;
    }
}
