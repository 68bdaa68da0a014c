namespace CrmPlatform.Crm;

/// <summary>One running platform: its checkout, its run directory, and the ports and addresses that tools/infra.sh wrote there.</summary>
public sealed class Instance
{
    private readonly Dictionary<string, string> _settings;

    private Instance(string root, string run, Dictionary<string, string> settings) => (Root, Run, _settings) = (root, run, settings);

    public string Root { get; }
    public string Run { get; }

    public static Instance Open()
    {
        var root = Environment.GetEnvironmentVariable("CRM_ROOT") ?? Directory.GetCurrentDirectory();
        var run = Path.GetFullPath(Environment.GetEnvironmentVariable("CRM_RUN_DIR") ?? ".crm", root);
        return At(root, run);
    }

    public static Instance At(string root, string run) => new(root, run, Read(Path.Combine(run, "env")));

    /// <summary>KEY=VALUE lines; a value may contain further equal signs and semicolons.</summary>
    public static Dictionary<string, string> Read(string file) => File.Exists(file) ? Lines(File.ReadLines(file)) : [];

    /// <summary>The same of lines that were read.</summary>
    public static Dictionary<string, string> Lines(IEnumerable<string> lines) =>
        lines
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0])
            .ToDictionary(pairs => pairs.Key, pairs => pairs.Last()[1]);

    /// <summary>The environment wins over the run directory: that is how other servers are used.</summary>
    public string Setting(string key) =>
        Environment.GetEnvironmentVariable(key) is { Length: > 0 } given
            ? given
            : _settings.GetValueOrDefault(key)
                ?? throw new CrmException($"{key} is not known: nothing was started in {Run} yet (./crm up)");

    public string PostgresAdmin => Setting("CRM_POSTGRES");
    public string RabbitMq => Setting("CRM_RABBITMQ");

    /// <summary>Null for foreign servers whose management address was not given.</summary>
    public Uri? RabbitMqHttp =>
        Environment.GetEnvironmentVariable("CRM_RABBITMQ") is { Length: > 0 }
        && Environment.GetEnvironmentVariable("CRM_RABBITMQ_HTTP") is not { Length: > 0 }
            ? null
            : new(Setting("CRM_RABBITMQ_HTTP"));

    public Uri AddressOf(Part part) => new($"http://127.0.0.1:{Setting(part.PortSetting)}");

    public Uri Gateway => AddressOf(Part.Gateway);

    /// <summary>
    /// The gateway of another installation, where <c>CRM_GATEWAY</c> or <c>--gateway</c> names one: one in a cluster, or of compose.
    /// </summary>
    /// <exception cref="CrmException">It is no address.</exception>
    public static Uri? Elsewhere =>
        Environment.GetEnvironmentVariable("CRM_GATEWAY") is not { Length: > 0 } given ? null
        : Uri.TryCreate(given, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
        : throw new CrmException($"the gateway is '{given}'; expected is an address like https://crm.example.com");

    /// <summary>The gateway that is called.</summary>
    public Uri Called => Elsewhere ?? Gateway;

    public string PathOf(string name) => Path.Combine(Run, name);

    public string LogOf(Part part) => Path.Combine(Run, "log", part.Name + ".log");

    public string PidOf(Part part) => Path.Combine(Run, "pid", part.Name);

    public string ProgramOf(Part part) => Path.Combine(Run, "app", part.Name, part.Assembly + ".dll");
}

/// <summary>Something that the person at the keyboard can act on; shown without a stack trace.</summary>
public sealed class CrmException : Exception
{
    public CrmException() { }

    public CrmException(string message)
        : base(message) { }

    public CrmException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>What the platform answered, where it was an answer.</summary>
    public int? Status { get; init; }
}
