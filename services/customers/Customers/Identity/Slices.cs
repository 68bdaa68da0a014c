using CrmPlatform.Customers.Profiles;

namespace CrmPlatform.Customers.Identity;

/// <summary>What is in this folder: who may be the same as whom, and what people decide about it.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Settings<IdentityOptions>("Identity", options => options.Fault());
        room.Aggregate<Candidate, ICandidateEvent>("identity_candidate");
        room.Inline<MatchIndex>();
        room.Inline<CandidateView>();
        room.Periodic<NameCounts>();
        room.Subscribe<SuggestMatches>();
        room.Services.AddSingleton<FindMatches>();
        room.Services.AddSingleton<DuplicatePolicies>();
        room.Services.AddScoped<DuplicateCheck>();
        room.Services.AddScoped<FindDuplicates>(s => s.GetRequiredService<DuplicateCheck>().Of);

        ResolveIdentity.Map(room);
        GetCandidates.Map(room);
        GetCandidate.Map(room);
        RejectCandidate.Map(room);
        RefuseMatching.Map(room);
    }
}
