namespace CrmPlatform.Segmentation.Tests;

/// <summary>What the room's OpenAPI document says, held against the room.</summary>
public class DescriptionTests(SegmentationFixture room) : IClassFixture<SegmentationFixture>
{
    [Fact]
    public Task every_operation_has_a_summary_examples_and_the_types_of_its_errors() => Described.Check(room);

    [Fact]
    public Task every_property_and_parameter_says_what_it_means() => Meanings.Check(room);

    [Fact]
    public void every_refusal_is_declared_in_its_folder_and_every_declared_one_exists() =>
        Described.CheckRefusals(room, Path.Combine(TestServers.Root, "services", "segmentation", "Segmentation"));
}
