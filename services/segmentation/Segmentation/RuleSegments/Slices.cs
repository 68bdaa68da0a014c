namespace CrmPlatform.Segmentation.RuleSegments;

/// <summary>What is in this folder: segments by rules: written, previewed, published; who is in them, since when and why.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<SegmentDefinition, ISegmentEvent>("segment");
        room.Aggregate<Memberships, IMembershipEvent>("segment_membership");
        room.Services.AddSingleton<SegmentBook>();
        room.Inline<SegmentTable>();
        room.Inline<SegmentPins>();
        room.Async<SegmentFacts>();
        room.Async<SegmentMembers>();
        room.Due<JudgeSegments>();
        room.Due<SpreadSegments>();

        DraftSegment.Map(room);
        PreviewSegment.Map(room);
        PublishSegment.Map(room);
        PauseSegment.Map(room);
        WithdrawSegment.Map(room);
        PinMembers.Map(room);
        SegmentPins.Map(room);
        TryRule.Map(room);
        GetRuleSegments.Map(room);
        GetMembers.Map(room);
        ExplainSegment.Map(room);
    }
}
