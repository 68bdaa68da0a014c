using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// What of a log record is written, to the console and over OTLP alike, so that no client's text is in it. Of a message its template. Of
/// its values all that our own code logs (LogMessages), which are never a client's; of libraries only numbers, times and ids, for their
/// texts may quote a request. Of an exception its type, its code and where it happened, never its message.
/// </summary>
static class LogContent
{
    const string Template = "{OriginalFormat}";

    /// <summary>Loggers whose texts come from our code or from settings.</summary>
    static readonly string[] ours = ["CrmPlatform.", "Microsoft.Hosting.Lifetime"];

    /// <summary>Null where a library logs a finished text.</summary>
    public static string? TemplateOf(object? state) =>
        state is IEnumerable<KeyValuePair<string, object?>> values
            ? values.FirstOrDefault(value => value.Key == Template).Value as string
            : null;

    public static IEnumerable<KeyValuePair<string, object?>> ValuesOf(string? logger, object? state)
    {
        var all = logger is not null && ours.Any(our => logger.StartsWith(our, StringComparison.Ordinal));
        return state is IEnumerable<KeyValuePair<string, object?>> values
            ? values.Where(value => value.Key != Template && value.Value is not null && (all || IsPlain(value.Value)))
            : [];
    }

    /// <summary>The exception and those inside of it: <c>NpgsqlException SocketException(ConnectionRefused)</c>.</summary>
    public static string TypesOf(Exception e)
    {
        var types = new List<string>();
        for (var at = e; at is not null && types.Count < 8; at = at.InnerException)
            types.Add(CodeOf(at) is { } code ? $"{at.GetType().Name}({code})" : at.GetType().Name);
        return string.Join(' ', types);
    }

    /// <summary>Where it happened: the innermost first, as .NET writes it, without messages.</summary>
    public static string? StackOf(Exception e)
    {
        while (e.InnerException is { } inner)
            e = inner;
        return e.StackTrace;
    }

    static string? CodeOf(Exception e) =>
        e switch
        {
            PostgresException postgres => postgres.SqlState,
            RuleViolationException rule => rule.Code,
            SocketException socket => socket.SocketErrorCode.ToString(),
            HttpRequestException { StatusCode: { } status } => $"{(int)status}",
            HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } => error.ToString(),
            RabbitMQ.Client.Exceptions.OperationInterruptedException { ShutdownReason: { } reason } => $"{reason.ReplyCode}",
            _ => null,
        };

    static bool IsPlain(object value) =>
        value
            is bool
                or byte
                or short
                or ushort
                or int
                or uint
                or long
                or ulong
                or float
                or double
                or decimal
                or Guid
                or TimeSpan
                or DateTime
                or DateTimeOffset
                or Enum;
}
