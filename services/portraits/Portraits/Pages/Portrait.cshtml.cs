using CrmPlatform.Portraits.Portraits;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CrmPlatform.Portraits.Pages;

/// <summary>The portrait as one read-only page, in Chinese or English.</summary>
public sealed class PortraitModel(PortraitReader portraits, Business business) : PageModel
{
    /// <summary>Null where there is none to show; then <see cref="Sorry"/> says why.</summary>
    public Portrait? Portrait { get; private set; }
    public string? Sorry { get; private set; }
    public Words Words { get; private set; } = new(false);
    public IReadOnlyList<Section> Sections { get; private set; } = [];

    /// <summary>The same page in the other language.</summary>
    public string OtherLanguage { get; private set; } = "";

    public async Task OnGetAsync(string id, string? asOf, string? knownAt, string? lang)
    {
        Words = new((lang ?? Request.Headers.AcceptLanguage.ToString()).StartsWith("zh", StringComparison.OrdinalIgnoreCase));
        OtherLanguage = QueryString
            .Create(
                new Dictionary<string, string?>
                {
                    ["asOf"] = asOf,
                    ["knownAt"] = knownAt,
                    ["lang"] = Words.T("zh", "en"),
                }.Where(parameter => parameter.Value is not null)
            )
            .ToString();
        try
        {
            if (
                Guid.TryParse(id, out var customer)
                && await portraits.Of(
                    customer,
                    business.Moment("asOf", asOf),
                    business.Moment("knownAt", knownAt),
                    withProfile: true,
                    HttpContext
                )
                    is { } portrait
            )
                (Portrait, Sections) = (portrait, Section.Of(portrait, Words, Day));
            else
                Refuse(404, Words.T("There is no such customer, or there was none at that moment.", "没有此客户，或该时点尚无此客户。"));
        }
        catch (BadRequestException e)
        {
            Refuse(
                400,
                Words.T(
                    $"{e.Field} is a day like 2026-05-31, or an instant like 2026-05-31T12:00:00Z.",
                    $"{e.Field} 应为日期（如 2026-05-31）或时点（如 2026-05-31T12:00:00Z）。"
                )
            );
        }
        catch (NeighbourAwayException)
        {
            Response.Headers.RetryAfter = "5";
            Refuse(503, Words.T("The customer cannot be looked up just now. Try again soon.", "暂时无法查询该客户，请稍后再试。"));
        }
    }

    void Refuse(int status, string sorry) => (Response.StatusCode, Sorry) = (status, sorry);

    /// <summary>An instant in the business's own time.</summary>
    public string Day(DateTimeOffset? at) =>
        at is { } instant
            ? TimeZoneInfo
                .ConvertTime(instant, business.Zone)
                .ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)
            : "";
}
