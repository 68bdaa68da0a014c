namespace CrmPlatform.ServiceDesk.Complaints;

/// <summary>Registers this folder: what is done about a complaint beyond what is done about every ticket.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Inline<ComplaintList>();
        room.Aggregate<ComplaintCluster, ClusterFound>("complaint_cluster");
        room.Inline<ClusterList>();
        room.Inline<ExternalCaseList>();
        room.Due<LapseProposals>();
        room.Due<WatchExternalCases>();
        room.Due<FindClusters>();

        AcknowledgeComplaint.Map(room);
        AssessComplaint.Map(room);
        InvestigateComplaint.Map(room);
        NoteFinding.Map(room);
        ProposeRemedy.Map(room);
        AnswerProposal.Map(room);
        DecideComplaint.Map(room);
        CompensateCustomer.Map(room);
        CloseTicket.Map(room);
        EscalateOutside.Map(room);
        AcceptExternalCase.Map(room);
        EndExternalCase.Map(room);
        GetExternalCases.Map(room);
        GetComplaints.Map(room);
        GetComplaintFigures.Map(room);
        GetClusters.Map(room);
    }
}
