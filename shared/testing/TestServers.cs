namespace CrmPlatform.Testing;

/// <summary>
/// Addresses of the private PostgreSQL and RabbitMQ that <c>./crm test</c> starts: from the environment, or from <c>.crm-test/env</c> in
/// the checkout.
/// </summary>
public static class TestServers
{
    /// <summary>Npgsql connection string of an administrator.</summary>
    public static string Postgres { get; } = Setting("CRM_TEST_POSTGRES");

    /// <summary>AMQP address with user and password, without vhost.</summary>
    public static Uri RabbitMq { get; } = new(Setting("CRM_TEST_RABBITMQ"));

    /// <summary>Address of the management API with user and password.</summary>
    public static Uri RabbitMqHttp { get; } = new(Setting("CRM_TEST_RABBITMQ_HTTP"));

    /// <summary>Root of the checkout.</summary>
    public static string Root { get; } = FindRoot();

    static string Setting(string name)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            return value;
        var file = Path.Combine(FindRoot(), ".crm-test", "env");
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name + "=", StringComparison.Ordinal)) : null;
        return line?[(name.Length + 1)..].Trim('\'', '"')
            ?? throw new InvalidOperationException($"{name} is not set: run ./crm test, or start servers with ./crm test --servers");
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CrmPlatform.sln")))
                return folder.FullName;
        throw new InvalidOperationException("no CrmPlatform.sln in any parent folder: run the tests inside a checkout");
    }
}
