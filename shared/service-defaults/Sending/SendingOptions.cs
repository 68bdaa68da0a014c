namespace CrmPlatform.ServiceDefaults;

/// <summary>How the room's messages leave (section <c>Sending</c>).</summary>
public sealed class SendingOptions
{
    /// <summary>The room's own client at the gateway, with <c>customers.contact.use</c>; without it every message waits.</summary>
    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>The way out of each channel, by its code.</summary>
    public Dictionary<string, ChannelOptions> Channels { get; } = [];

    /// <summary>Purposes whose message is repeated once where the outcome of its hand-over is in doubt.</summary>
    public IList<string> Transactional { get; } = [];

    /// <summary>Hours of the business's day in which messages leave: from 9:00 and before 20:00, unless set.</summary>
    public int FromHour { get; set; } = 9;

    public int UntilHour { get; set; } = 20;

    /// <summary>Whether messages leave then.</summary>
    /// <param name="local">In the zone of the business.</param>
    public bool IsOpen(DateTimeOffset local) => local.Hour >= FromHour && local.Hour < UntilHour;

    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Language for customers of whom none is known, or for whose language there is no template; that of the business if null.
    /// </summary>
    public string? Language { get; set; }

    /// <summary>Folder of the templates; the room's own unless set.</summary>
    public string? Templates { get; set; }

    /// <summary>Values that every template may show, like the company's name: <c>Sending:Values:company</c>.</summary>
    public Dictionary<string, string> Values { get; } = [];

    /// <summary>A folder for each room: tests run several from one.</summary>
    internal string TemplateFolder(string context) => Templates ?? Path.Combine(AppContext.BaseDirectory, "Templates", context);

    /// <summary>As they are set, or the one purpose <c>transactional</c>.</summary>
    internal string[] Repeated => Transactional.Count == 0 ? ["transactional"] : [.. Transactional];

    internal bool Repeats(string purpose) => Repeated.Contains(purpose);

    /// <summary>What is wrong, or null.</summary>
    internal string? Fault() =>
        ClientId is null != ClientSecret is null ? "ClientId and ClientSecret belong together"
        : FromHour is < 0 or > 23 || UntilHour <= FromHour || UntilHour > 24 ? "FromHour is 0 to 23, UntilHour later and at most 24"
        : Every <= TimeSpan.Zero ? "Every must be longer than nothing"
        : Channels
            .Select(c => c.Value.Fault() is { } fault ? $"Channels:{c.Key}:{fault}" : null)
            .FirstOrDefault(fault => fault is not null);
}
