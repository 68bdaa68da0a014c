namespace CrmPlatform.ServiceDesk.Loops;

/// <summary>Registers this folder: who was let down is spoken with.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<Loop, ILoopEvent>("loop");
        room.Inline<LoopList>();
        room.Subscribe<OpenLoops>();
        room.Due<EndLoops>();
        room.Due<OverdueLoops>();

        WorkLoop.Map(room);
        GetLoops.Map(room);
    }
}
