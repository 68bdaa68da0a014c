namespace CrmPlatform.Segmentation.Tests;

public class SegmentationFixture : ServiceFixture<Program>
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["Business:TimeZone"] = "America/New_York",
            ["Business:Currency"] = "USD",
            // Clocks are asked by the tests; the pause that other replicas are given is short.
            ["Segmentation:LifecycleEvery"] = "01:00:00",
            ["Segmentation:JudgeEvery"] = "01:00:00",
            ["Segmentation:SpreadEvery"] = "01:00:00",
            ["Segmentation:ChurnEvery"] = "01:00:00",
            ["Segmentation:RefreshEvery"] = "00:00:00.02",
            ["Segmentation:NightlyRun"] = "false",
        };

    protected override bool DescribesItsProblems => true;
}
