namespace CrmPlatform.Segmentation.Lifetime;

/// <summary>What is in this folder: how much customers will buy, whether they still do, and what that is worth.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<LifetimeModel, ILifetimeEvent>("lifetime_model");
        room.Inline<ModelList>();
        room.Services.AddSingleton<Fitting>();

        FitModel.Map(room);
        ActivateModel.Map(room);
        RejectModel.Map(room);
        GetModels.Map(room);
        GetLifetime.Map(room);
        GetDeciles.Map(room);
    }
}
