using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace CrmPlatform.ServiceDefaults;

/// <summary>What is sent over OTLP holds as little of a client's text as the lines of the console do.</summary>
static class SentContent
{
    /// <summary>Leaves of a span the tags that are known to hold none: not paths, queries, hosts, agents or states of a client.</summary>
    public sealed class Spans : BaseProcessor<Activity>
    {
        static readonly HashSet<string> known =
        [
            "error.type",
            "http.request.method",
            "http.request.resend_count",
            "http.response.status_code",
            "http.route",
            "network.peer.address",
            "network.peer.port",
            "network.protocol.version",
            "server.port",
            "url.scheme",
        ];
        static readonly string[] prefixes = ["crm.", "db.", "proxy."];

        public override void OnEnd(Activity data)
        {
            foreach (var (name, _) in data.TagObjects.ToList())
                // For a server's span it is what the client called the host.
                if (!(name == "server.address" && data.Kind == ActivityKind.Client) && !IsKnown(name))
                    data.SetTag(name, null);
            data.TraceStateString = null;
            data.SetStatus(data.Status);
        }

        static bool IsKnown(string name) =>
            known.Contains(name) || prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
    }

    public sealed class Records : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data)
        {
            (data.Body, data.FormattedMessage) = (LogContent.TemplateOf(data.Attributes), null);
            var attributes = LogContent.ValuesOf(data.CategoryName, data.Attributes).ToList();
            if (data.Exception is { } e)
            {
                attributes.Add(new("exception.type", LogContent.TypesOf(e)));
                if (data.LogLevel >= LogLevel.Error && LogContent.StackOf(e) is { } stack)
                    attributes.Add(new("exception.stacktrace", stack));
                data.Exception = null;
            }
            data.Attributes = attributes;
        }
    }

    /// <summary>Libraries record an exception in the span during which it was thrown: with type and place, without its message.</summary>
    public static void RecordExceptionsWithoutMessage() =>
        ActivitySource.AddActivityListener(
            new()
            {
                ShouldListenTo = _ => true,
                ExceptionRecorder = (Activity _, Exception e, ref TagList tags) =>
                {
                    tags.Add("exception.type", LogContent.TypesOf(e));
                    tags.Add("exception.message", "");
                    tags.Add("exception.stacktrace", LogContent.StackOf(e) ?? "");
                },
            }
        );
}
