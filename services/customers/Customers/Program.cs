using CrmPlatform.Customers;
using CrmPlatform.Customers.Behaviour;
using CrmPlatform.Customers.Erasures;
using CrmPlatform.Customers.Exports;
using CrmPlatform.Customers.Imports;
using CrmPlatform.Customers.Orders;
using CrmPlatform.Customers.Portraits;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Timelines;
using Contracts = CrmPlatform.Contracts;
using Directory = CrmPlatform.Customers.Profiles.Directory;

var service = CrmService.Create("customers", args);
service.Aggregate<Customer, ICustomerEvent>("customer");
service.Aggregate<Order, IOrderEvent>("order");
service.Aggregate<Visits, IBehaviourEvent>("behaviour");
service.Aggregate<Timeline, ITimelineEvent>("timeline");
service.Aggregate<Erasure, IErasureEvent>("erasure");
service.KeepsPersonalData();

service.Inline<Directory>();
service.Async<Summary>();
service.Async<PortraitView>();

service.Feed(CustomersFeed.Translate, never: typeof(ITimelineEvent));
service.Companion(Timeline.NoteOwn);
service.OnAny(Timeline.NoteOthers);
service.On<Contracts.PersonalDataErased, OnPersonalDataErased>();

service.Services.AddSingleton<KnownCustomers>().AddValidation().AddHttpClient<ExportCustomer>();
service.Services.AddRazorPages();
service.Services.Configure<Microsoft.Extensions.WebEncoders.WebEncoderOptions>(o => o.TextEncoderSettings = new(System.Text.Unicode.UnicodeRanges.All));

await service.Run(app =>
{
    RegisterCustomer.Map(app);
    ReviseProfile.Map(app);
    LinkExternalId.Map(app);
    TagCustomer.Map(app);
    ChangeConsent.Map(app);
    CustomerProfile.Map(app);
    Directory.Map(app);
    RecordPurchase.Map(app);
    ReturnGoods.Map(app);
    GetPurchase.Map(app);
    Summary.Map(app);
    RecordPageView.Map(app);
    RecordInteraction.Map(app);
    ImportCustomers.Map(app);
    ImportPurchases.Map(app);
    GetTimeline.Map(app);
    Portrait.Map(app);
    ForgetCustomer.Map(app);
    GetErasure.Map(app);
    ExportCustomer.Map(app);
    app.MapRazorPages().RequirePermission("customers.read");
});
