// Portraits: one timeline per customer over all rooms, and the portrait 画像 that it makes. The room keeps no log: what it hears is its data.
using CrmPlatform.Portraits;

var service = CrmService.Create("portraits", args);
service.Reads<PortraitsHearing>(PortraitsHearing.Tables);

CrmPlatform.Portraits.Profiles.Slices.Add(service);
CrmPlatform.Portraits.Portraits.Slices.Add(service);

await service.Run(app =>
{
    CrmPlatform.Portraits.Timelines.Slices.Map(app);
    CrmPlatform.Portraits.Portraits.Slices.Map(app);
});

public partial class Program;
