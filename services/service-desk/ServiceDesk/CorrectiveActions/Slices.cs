namespace CrmPlatform.ServiceDesk.CorrectiveActions;

/// <summary>Registers this folder: what is done so that causes of complaints do not come back, and whether it helped.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<CorrectiveAction, IActionEvent>("corrective_action");
        room.Inline<ActionList>();
        room.Due<CheckActions>();

        SetAction.Map(room);
        FinishAction.Map(room);
        GetActions.Map(room);
    }
}
