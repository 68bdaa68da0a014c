namespace CrmPlatform.Customers.Behaviour;

/// <summary>What is in this folder: what a customer looks at, and talks with us about.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Visits, IBehaviourEvent>("behaviour");

        RecordPageView.Map(room);
        RecordInteraction.Map(room);
    }
}
