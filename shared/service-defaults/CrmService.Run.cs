using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CrmPlatform.ServiceDefaults;

/// <summary>Starts a declared room: registers its parts and what every room has in common, then serves requests.</summary>
public sealed partial class CrmService
{
    public async Task Run()
    {
        try
        {
            if (args is ["health", ..])
                Environment.ExitCode = await Health.Ask();
            else if (args is ["migrate", ..])
                await Builder.Configuration.Migrate(Context, tables);
            else
                await Serve();
        }
        catch (OptionsValidationException e)
        {
            foreach (var failure in e.Failures)
                await Console.Error.WriteLineAsync($"{Context}: {failure}");
            Environment.ExitCode = 2;
        }
        catch (Exception e) when (e is SettingException || SettingException.IsUnreadable(e))
        {
            await Console.Error.WriteLineAsync($"{Context}: {e.Message}");
            Environment.ExitCode = 2;
        }
        catch (Exception e) when (Unready.Why(e, Builder.Configuration) is { } why)
        {
            // Whoever starts it again finds it ready later: so it is another code than that of a wrong setting.
            await Console.Error.WriteLineAsync($"{Context}: {why}");
            Environment.ExitCode = 1;
        }
    }

    async Task Serve()
    {
        AddServices();
        await using var app = Builder.Build();
        if (SettingsDefaults.Unknown(app.Configuration, settings).ToList() is { Count: > 0 } unknown)
            throw new OptionsValidationException("settings", typeof(CrmService), unknown);
        app.Services.GetRequiredService<Business>();
        app.UseHttp();
        Health.Map(app);
        app.MapMetrics();
        app.MapOpenApi().AllowAnonymous();
        DeadLetterEndpoints.Map(app, Context);
        if (tables is null)
            Operations.Map(app, Context);
        if (feed is not null)
            Resend.Map(app, Context);
        endpoints.ForEach(map => map(app));
        if (args is ["permissions", ..])
        {
            foreach (var permission in Permissions.Of(((IEndpointRouteBuilder)app).DataSources))
                Console.WriteLine(permission);
            return;
        }
        if (tables is null)
        {
            await app.Services.GetRequiredService<ProjectionDaemon>().Prepare();
            if (app.Services.GetService<PersonalKeys>() is { } keys)
                await keys.Check(app.Services.GetRequiredService<NpgsqlDataSource>(), default);
        }
        else
            await app.Services.GetRequiredService<NpgsqlDataSource>().Query<int>("select 1 from dead_letters where false", null, default);
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return;
        } // stopped during start-up: not a failure
    }

    void AddServices()
    {
        Builder.AddTelemetry(Context);
        var configuration = Builder.Configuration;
        Services.TryAddSingleton(TimeProvider.System);
        this.Settings<Business>("Business", business => business.Fault());
        Builder.AddHttp(Context);
        Neighbours.Add(Services);
        Services.AddDatabase(configuration, Context);
        if (tables is null)
            Services.AddStore(configuration, Context, StoreOptions);
        Services.AddMessaging(configuration, Context, reactions, feed, listens: tables is not null || reactions.Any);
    }

    EventStoreOptions StoreOptions(IServiceProvider services)
    {
        var options = new EventStoreOptions();
        foreach (var add in store)
            add(options, services);
        if (feed is not null)
        {
            services.GetRequiredService<Outgoing>().Handles = options.RegisteredEvents.ToHashSet();
            options.Subscribe(services.GetRequiredService<Feed>());
            options.Subscribe(services.GetRequiredService<PublicStream>());
        }
        return options;
    }
}
