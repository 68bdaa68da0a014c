namespace CrmPlatform.Portraits.Portraits;

/// <summary>What is in this folder: the portrait 画像 that the timeline makes, and its page.</summary>
static class Slices
{
    public static void In(CrmService room)
    {
        room.Services.AddSingleton<PortraitTable>().AddScoped<PortraitReader>();
        room.Services.AddRazorPages();
        // Names are read as they are written.
        room.Services.Configure<Microsoft.Extensions.WebEncoders.WebEncoderOptions>(o =>
            o.TextEncoderSettings = new(System.Text.Unicode.UnicodeRanges.All)
        );

        GetPortrait.Map(room);
        room.Map(app => app.MapRazorPages().RequirePermission("customers.read"));
    }
}
