namespace CrmPlatform.Customers.Quality;

/// <summary>What is in this folder: how good what is known of customers is, and what is done about it.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        VerifyContact.Map(room);
    }
}
