using CrmPlatform.Portraits.Portraits;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CrmPlatform.Portraits.Pages;

/// <summary>The portrait as one read-only page, in Chinese or English.</summary>
public sealed class PortraitModel(PortraitReader portraits, Business business) : PageModel
{
    public Portrait Portrait { get; private set; } = null!;
    public bool Chinese { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, string? asOf, string? knownAt, string? lang)
    {
        Chinese = lang is not null
            ? lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase)
            : Request.Headers.AcceptLanguage.ToString().StartsWith("zh", StringComparison.OrdinalIgnoreCase);
        if (
            await portraits.Of(id, business.Moment("asOf", asOf), business.Moment("knownAt", knownAt), withProfile: true, HttpContext)
            is not { } portrait
        )
            return NotFound();
        Portrait = portrait;
        return Page();
    }

    public string T(string english, string chinese) => Chinese ? chinese : english;

    /// <summary>An instant in the business's own time.</summary>
    public string Day(DateTimeOffset? at) =>
        at is { } instant
            ? TimeZoneInfo
                .ConvertTime(instant, business.Zone)
                .ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)
            : "";
}
