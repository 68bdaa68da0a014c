using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Writes each log record as one JSON object in one line (docs/operating.md names its members).</summary>
/// <param name="service">The name of the room, or gateway.</param>
public sealed class LogLines(string service, IHttpContextAccessor requests) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "crm";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("time", TimeProvider.System.GetUtcNow().UtcDateTime);
            json.WriteString("level", logEntry.LogLevel.ToString());
            json.WriteString("service", service);
            json.WriteString("logger", logEntry.Category);
            if (logEntry.EventId.Id != 0)
                json.WriteNumber("eventId", logEntry.EventId.Id);
            Add(json, "event", logEntry.EventId.Name);
            Add(json, "correlationId", requests.HttpContext?.Items[Correlation.Header] as string);
            Add(json, "traceId", Activity.Current?.TraceId.ToHexString());
            Add(json, "message", LogContent.TemplateOf(logEntry.State));
            Values(json, LogContent.ValuesOf(logEntry.Category, logEntry.State));
            if (logEntry.Exception is { } e)
            {
                json.WriteString("error", LogContent.TypesOf(e));
                if (logEntry.LogLevel >= LogLevel.Error)
                    Add(json, "stack", LogContent.StackOf(e));
            }
            json.WriteEndObject();
        }
        textWriter.WriteLine(Encoding.UTF8.GetString(line.WrittenSpan));
    }

    static void Values(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> values)
    {
        var any = false;
        foreach (var (name, value) in values)
        {
            if (!any)
                json.WriteStartObject("values");
            any = true;
            json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
        }
        if (any)
            json.WriteEndObject();
    }

    static void Add(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }
}
