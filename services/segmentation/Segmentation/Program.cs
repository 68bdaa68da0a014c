// Segmentation: who is worth what, who is on the way out, and why. Each folder's Slices.cs says what is in it.
using CrmPlatform.Segmentation;

var service = CrmService.Create("segmentation", args);
service.Settings<SegmentationOptions>("Segmentation");

service.Feed(SegmentationFeed.Translate);

CrmPlatform.Segmentation.Customers.Slices.Add(service);
CrmPlatform.Segmentation.Runs.Slices.Add(service);

await service.Run(app =>
{
    CrmPlatform.Segmentation.Customers.Slices.Map(app);
    CrmPlatform.Segmentation.Runs.Slices.Map(app);
    CrmPlatform.Segmentation.Segments.Slices.Map(app);
});

public partial class Program;
