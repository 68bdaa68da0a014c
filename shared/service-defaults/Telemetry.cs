using MassTransit.Monitoring;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Metrics for Prometheus at <c>/metrics</c>, with the permission <c>ops.read</c>. Traces, metrics and logs over OTLP if an endpoint is
/// configured (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>).
/// </summary>
public static class Telemetry
{
    public static void AddTelemetry(this WebApplicationBuilder builder, string service)
    {
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(r =>
                r.AddService(
                    "crm-" + service,
                    serviceNamespace: "crm",
                    serviceVersion: typeof(Telemetry).Assembly.GetName().Version!.ToString(3),
                    serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}"
                )
            )
            .WithMetrics(m =>
                m.AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddNpgsqlInstrumentation()
                    .AddMeter(InstrumentationOptions.MeterName, "Crm.*")
                    .AddPrometheusExporter()
            );
        var settings = builder.Configuration;
        var endpoint = settings.Address("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318", required: false, "http", "https");
        var protocol = settings.Word("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", "grpc");
        var sampler = new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.Share("Telemetry:TraceRatio", 1)));
        if (endpoint is null)
            return;
        SentContent.RecordExceptionsWithoutMessage();
        telemetry
            .WithTracing(t =>
                t.SetSampler(sampler)
                    .AddHttpClientInstrumentation()
                    .AddNpgsql()
                    // Not MassTransit's: its spans quote exceptions, and the facts' way is told by our own.
                    .AddSource("Yarp.ReverseProxy", "Crm.*")
                    .AddAspNetCoreInstrumentation()
                    .AddProcessor(new SentContent.Spans())
            )
            .WithLogging(logs => logs.AddProcessor(new SentContent.Records()))
            .UseOtlpExporter(protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf, endpoint);
    }

    /// <summary>Prometheus needs a token to scrape: <c>oauth2</c> in its configuration.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app) => app.MapPrometheusScrapingEndpoint().RequirePermission("ops.read");
}
