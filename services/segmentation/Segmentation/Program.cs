// Segmentation: who is worth what, who is on the way out, and why. Each folder's Slices.cs says what is in it.
using CrmPlatform.Segmentation;

var room = CrmService.Create("segmentation", args);

// Conditions are nested: how deep they may be is theirs to say.
room.Services.AddValidation(options => options.MaxDepth = 200);
room.Settings<SegmentationOptions>("Segmentation");

room.KeepsPersonalData();
room.Feed(SegmentationFeed.Translate);

room.Add(
    CrmPlatform.Segmentation.Customers.Slices.In,
    CrmPlatform.Segmentation.Stages.Slices.In,
    CrmPlatform.Segmentation.Groups.Slices.In,
    CrmPlatform.Segmentation.Facts.Slices.In,
    CrmPlatform.Segmentation.RuleSegments.Slices.In,
    CrmPlatform.Segmentation.Definitions.Slices.In,
    CrmPlatform.Segmentation.Runs.Slices.In,
    CrmPlatform.Segmentation.Segments.Slices.In,
    CrmPlatform.Segmentation.Lifetime.Slices.In,
    CrmPlatform.Segmentation.BackTests.Slices.In,
    CrmPlatform.Segmentation.Grading.Slices.In,
    CrmPlatform.Segmentation.Churn.Slices.In,
    CrmPlatform.Segmentation.WinBack.Slices.In,
    CrmPlatform.Segmentation.Needs.Slices.In
);

await room.Run();

public partial class Program;
