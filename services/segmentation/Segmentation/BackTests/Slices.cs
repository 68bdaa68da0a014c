namespace CrmPlatform.Segmentation.BackTests;

/// <summary>What is in this folder: whether the classes of a day of the past told who would be worth how much.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<BackTest, IBackTestEvent>("back_test");
        room.Inline<BackTestList>();
        room.Services.AddSingleton<BackTesting>();

        RunBackTest.Map(room);
        GetBackTests.Map(room);
        GetBackTestCustomers.Map(room);
    }
}
