namespace CrmPlatform.Portraits.Portraits;

/// <summary>What is in this folder: the portrait 画像 that the timeline makes, and its page.</summary>
static class Slices
{
    public static void Add(CrmService service)
    {
        service.Services.AddSingleton<PortraitTable>().AddScoped<PortraitReader>();
        service.Services.AddRazorPages();
        // Names are read as they are written.
        service.Services.Configure<Microsoft.Extensions.WebEncoders.WebEncoderOptions>(o =>
            o.TextEncoderSettings = new(System.Text.Unicode.UnicodeRanges.All)
        );
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        GetPortrait.Map(app);
        app.MapRazorPages().RequirePermission("customers.read");
    }
}
