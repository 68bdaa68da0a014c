// The one door: who may come in, how much, how fast, and to which room. rooms.json says which paths are whose.
using CrmPlatform.ServiceDefaults;

if (args is ["health", ..])
    return await Health.Ask();
try
{
    var builder = WebApplication.CreateBuilder(args);
    var settings = AuthSettings.Of(builder.Configuration);

    builder.AddLogs("gateway");
    builder.AddTelemetry("gateway");
    builder.AddSizeLimits();
    builder.AddRateLimits();
    builder.AddTokenChecks(settings);
    builder.AddBackends();
    builder.Services.AddHealthChecks();
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddSingleton<ApiDocument>();

    var app = builder.Build();
    app.UseCorrelation();
    app.UseSecurityHeaders();
    app.UseProblems();
    app.UseRouting();
    app.UsePageCookie();
    app.UseAuthentication();
    app.UseRateLimiter();
    app.UseAuthorization();

    app.MapHealthChecks("/health/live");
    app.MapHealthChecks("/health/ready");
    app.MapMetrics();
    IssueToken.Map(app);
    GetDiscovery.Map(app);
    SignIn.Map(app);
    StartPage.Map(app);
    GetApiDocument.Map(app);
    app.MapBackends();
    app.UseApiPage();
    app.Run();
    return 0;
}
catch (Exception e) when (e is SettingException || SettingException.IsUnreadable(e))
{
    await Console.Error.WriteLineAsync($"gateway: {e.Message}");
    return 2;
}

public partial class Program;
