using CrmPlatform.Customers.Portraits;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CrmPlatform.Customers.Pages;

/// <summary>The portrait as one read-only page, in Chinese or English.</summary>
public sealed class PortraitModel(EventStore store, NpgsqlDataSource db, Business business) : PageModel
{
    public Portrait Portrait { get; private set; } = null!;
    public bool Chinese { get; private set; }

    public async Task<IActionResult> OnGetAsync(Guid id, string? asOf, string? knownAt, string? lang, CancellationToken ct)
    {
        Chinese = lang is not null ? lang.StartsWith("zh", StringComparison.OrdinalIgnoreCase) : Request.Headers.AcceptLanguage.ToString().StartsWith("zh", StringComparison.OrdinalIgnoreCase);
        if (await Portrait.Of(id, Portrait.Moment("asOf", asOf, business), Portrait.Moment("knownAt", knownAt, business), store, db, business, ct) is not { } portrait) return NotFound();
        Portrait = portrait;
        return Page();
    }

    public string T(string english, string chinese) => Chinese ? chinese : english;

    /// <summary>An instant in the business's own time.</summary>
    public string Day(DateTimeOffset? at) => at is { } instant ? TimeZoneInfo.ConvertTime(instant, business.Zone).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) : "";
}
