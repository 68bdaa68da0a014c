using CrmPlatform.Segmentation;
using CrmPlatform.Segmentation.Customers;
using CrmPlatform.Segmentation.Lifecycle;
using CrmPlatform.Segmentation.Runs;
using CrmPlatform.Segmentation.Segments;
using Microsoft.Extensions.Options;

var service = CrmService.Create("segmentation", args);

service.Aggregate<CustomerValue, ICustomerEvent>("customer_value");
service.Aggregate<ScoringRun, IRunEvent>("scoring_run");

service.Async<CustomerScores>();
service.Async<CountedPurchases>();
service.Async<DueList>();
service.Inline<RunList>();
service.Feed(SegmentationFeed.Translate);
service.Due<LifecycleClock>();

service.On<Contracts.CustomerRegistered, OnCustomerRegistered>();
service.On<Contracts.PurchaseRecorded, OnPurchaseRecorded>();
service.On<Contracts.PurchaseReturned, OnPurchaseReturned>();
service.On<Contracts.CustomerForgotten, OnCustomerForgotten>();

service.Services.AddOptions<SegmentationOptions>().BindConfiguration("Segmentation").ValidateDataAnnotations().ValidateOnStart();
service.Services.AddSingleton(s => s.GetRequiredService<IOptions<SegmentationOptions>>().Value);
service.Services.AddSingleton(s => new Yardsticks(s.GetRequiredService<Business>(), s.GetRequiredService<SegmentationOptions>().Lifecycle));
service.Services.AddSingleton<Scoring>();
Clock<RefreshYardsticks>();
Clock<PublishRuns>();
Clock<NightlyRun>();

await service.Run(app =>
{
    ScoreCustomers.Map(app);
    GetRuns.Map(app);
    GetCustomer.Map(app);
    GetSegments.Map(app);
    GetPersonalData.Map(app);
});

// A clock that others may also ask.
void Clock<T>() where T : BackgroundService => service.Services.AddSingleton<T>().AddHostedService(s => s.GetRequiredService<T>());

public partial class Program;
