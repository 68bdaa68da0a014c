namespace CrmPlatform.Segmentation.Grading;

/// <summary>What is in this folder: grades by the weighted numbers of a scheme, and what people say instead.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Aggregate<SchemeBook, ISchemeEvent>("grade_scheme");
        room.Aggregate<GradingRun, IGradingRunEvent>("grading_run");
        room.Aggregate<CustomerGrade, IGradeEvent>("customer_grade");
        room.Inline<GetSchemes>();
        room.Inline<GradingRunList>();
        room.Inline<StandingGrades>();

        room.Services.AddSingleton<Graders>();
        room.Periodic<PublishGrades>();
        room.Periodic<NightlyGrading>();
        room.Due<EndOverrides>();
        room.Subscribe<Departures>();

        PublishScheme.Map(room);
        GetSchemes.Map(room);
        PreviewScheme.Map(room);
        GradeCustomers.Map(room);
        OverrideGrade.Map(room);
        GetCustomerGrades.Map(room);
        GetWhy.Map(room);
        GetStandings.Map(room);
    }
}
