using System.Globalization;
using CrmPlatform.ServiceDesk.Customers;
using CrmPlatform.ServiceDesk.Surveys;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Command = CrmPlatform.EventSourcing.Request;

namespace CrmPlatform.ServiceDesk.Pages;

/// <summary>
/// The page of a survey's link, in Chinese or English, which needs no script and no token but that of the link. The link is all that a
/// form on another site would need as well, so there is no token against forgery.
/// </summary>
[IgnoreAntiforgeryToken]
public sealed class AnswerModel(EventStore store, NpgsqlDataSource db, SurveyLink links, Command command, Business business) : PageModel
{
    const string Policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>What is asked; null where nothing is any more.</summary>
    public SurveyContent? Asked { get; private set; }

    /// <summary>Why nothing is asked, as a code; null if something is.</summary>
    public string? Sorry { get; private set; }

    /// <summary>It is answered: until when the answer can be changed.</summary>
    public string? ThanksUntil { get; private set; }
    public Words Words { get; private set; } = new(Wording.Chinese);

    /// <summary>What is wrong, by question.</summary>
    public IReadOnlyDictionary<string, string> Faults { get; private set; } = new Dictionary<string, string>();

    /// <summary>It is being changed: what was written stays unless something else is.</summary>
    public bool Changes { get; private set; }
    IReadOnlyDictionary<string, string[]> filled = new Dictionary<string, string[]>();

    public override void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var headers = Response.Headers;
        (headers.ContentSecurityPolicy, headers.CacheControl, headers["Referrer-Policy"]) = (Policy, "no-store", "no-referrer");
    }

    // Read by hand: a form must not bring another token than the path, nor one that cannot be read take it away.
    string Token => (string)RouteData.Values["token"]!;

    public async Task OnGetAsync()
    {
        if (await Load() is not { } invitation)
            return;
        Changes = invitation.FinishedAt is not null && Request.Query["change"] == "true";
        if (invitation.FinishedAt is { } finished && !Changes)
            ThanksUntil = Local(finished + Invitation.RevisedWithin);
        filled = invitation.Answers.ToDictionary(a => a.Question, a => a.Codes.ToArray());
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await Load() is not { } invitation)
            return Page();
        Changes = invitation.FinishedAt is not null;
        var form = await Fields();
        filled = Asked!.Questions.ToDictionary(q => q.Id, q => form.GetValueOrDefault(Field(q)) ?? []);
        var given = Asked.Questions.Select(q => Given(q, filled[q.Id])).Where(a => !a.IsEmpty()).ToList();
        var sheet = AnswerSheet.Of(Asked, given);
        Faults = sheet.Faults.ToDictionary(f => f.Question, f => Words.Fault(f.Why.Code));
        if (sheet.Faults.Count > 0 || sheet.Coded.Count + sheet.Texts.Count == 0)
        {
            Response.StatusCode = 422;
            return Page();
        }
        try
        {
            await new AnswerSurvey(given).Write(links.InvitationOf(Token)!.Value, command, store);
            return Redirect($"/s/{Token}?lang={Words.Language}");
        }
        catch (RuleViolationException e)
        {
            Refuse(410, e.Code);
            return Page();
        }
    }

    /// <summary>Nobody is told anything but by a link of ours.</summary>
    async Task<Invitation?> Load()
    {
        var lang = Request.Query["lang"].ToString();
        Words = new(lang == Wording.English ? Wording.English : Wording.Chinese);
        var (invitation, _) = links.InvitationOf(Token) is { } id ? await store.Read(Invitation.Of(id)) : (Invitation.Initial, 0);
        if (invitation.Made is not { } made)
            return Refuse(404, "token-unknown");
        var (survey, _) = await store.Read(Survey.Of(made.SurveyId));
        var content = survey.Versions[made.Version - 1];
        Words = new(content.Language(lang is Wording.Chinese or Wording.English ? lang : made.Language ?? business.Language));
        var forgotten = await Standing.Own(db, made.CustomerId, HttpContext.RequestAborted) is { Forgotten: true };
        if (forgotten || survey.IsClosed(command.Now))
            return Refuse(410, "survey-closed");
        if (invitation.IsSpent(command.Now))
            return Refuse(410, "token-spent");
        Asked = content;
        return invitation;
    }

    Invitation? Refuse(int status, string code)
    {
        (Response.StatusCode, Sorry, Asked) = (status, code, null);
        return null;
    }

    /// <summary>Nothing where the body is no form.</summary>
    async Task<Dictionary<string, string[]>> Fields()
    {
        try
        {
            return Request.HasFormContentType
                ? (await Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.OfType<string>().ToArray())
                : [];
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or IOException and not BadHttpRequestException)
        {
            return [];
        }
    }

    static GivenAnswer Given(SurveyQuestion question, string[] values)
    {
        var answered = values.Where(v => v.Length > 0).ToArray();
        return question.Type switch
        {
            SurveyQuestion.Text => new(question.Id, Text: string.Join('\n', answered)),
            SurveyQuestion.Choice => new(question.Id, Codes: answered),
            _ when answered is [var one] && int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var score) => new(
                question.Id,
                Score: score
            ),
            _ => new(question.Id, Codes: answered),
        };
    }

    public static string Field(SurveyQuestion question) => "q-" + question.Id;

    public bool IsFilled(SurveyQuestion question, string code) => filled.GetValueOrDefault(question.Id)?.Contains(code) == true;

    /// <summary>What was typed into a form that came back; what was written before is shown to nobody with the link.</summary>
    public string Typed(SurveyQuestion question) =>
        question.Type == SurveyQuestion.Text ? string.Join('\n', filled.GetValueOrDefault(question.Id) ?? []) : "";

    /// <summary>Hides a question as long as its condition, and those of the questions that it depends on, do not hold.</summary>
    public string Conditions()
    {
        var rules = Asked!
            .Questions.Where(q => q.ShowIf is not null)
            .Select(q => $"form{string.Concat(Chain(q))} #f-{q.Id}{{display:block}}");
        return $"@supports selector(:has(*)){{.if{{display:none}}{string.Concat(rules)}}}";
    }

    IEnumerable<string> Chain(SurveyQuestion question)
    {
        for (var q = question; q?.ShowIf is { } shown; q = Asked!.Questions.First(other => other.Id == shown.Question))
        {
            var values = string.Join(',', shown.Codes.Select(code => $"[value=\"{code}\"]"));
            yield return $":has(input[name=q-{shown.Question}]:is({values}):checked)";
        }
    }

    string Local(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, business.Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
