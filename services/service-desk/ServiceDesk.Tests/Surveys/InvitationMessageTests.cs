using CrmPlatform.ServiceDesk.Surveys;
using Microsoft.Extensions.DependencyInjection;
using static CrmPlatform.ServiceDesk.Tests.Surveys.SurveyRequests;

namespace CrmPlatform.ServiceDesk.Tests.Surveys;

/// <summary>What an invitation's message shows when it is rendered, and when it is not wanted any more.</summary>
public sealed class InvitationMessageTests(DeskFixture fixture) : IClassFixture<DeskFixture>
{
    Task<IReadOnlyDictionary<string, string>?> Rendered(MessagePlanned plan) =>
        fixture.Services.GetServices<IMessageValues>().Single().Of(plan, default);

    async Task<MessagePlanned> Planned(Guid invitation) =>
        (await fixture.Store.Read(Message.Of(Message.IdOf("survey-invitation", invitation.ToString())))).State.Plan!;

    [Fact]
    public async Task the_link_is_made_when_the_message_is_rendered_and_stored_nowhere()
    {
        var (_, id) = await fixture.Invited(await fixture.Publish());
        var plan = await Planned(id);
        (plan.Purpose, plan.Channel, plan.Template, plan.Language).ShouldBe(("survey", "email", "survey-invitation", "zh"));
        (await Rendered(plan)).ShouldBe(new Dictionary<string, string> { ["token"] = fixture.Token(id) });
        (await fixture.Database.Dump()).ShouldNotContain(fixture.Token(id)[22..]);
    }

    [Fact]
    public async Task who_has_answered_or_whose_survey_is_closed_is_sent_nothing()
    {
        var code = await fixture.Publish();
        var (_, answered) = await fixture.Invited(code);
        var (_, open) = await fixture.Invited(code);
        (await fixture.Answer(answered, Answers(5))).EnsureSuccessStatusCode();
        (await Rendered(await Planned(answered))).ShouldBeNull();
        (await Rendered(await Planned(open))).ShouldNotBeNull();
        await fixture.Researcher().PostAsync($"/api/service-desk/surveys/{code}/close", null);
        (await Rendered(await Planned(open))).ShouldBeNull();
        (await Rendered((await Planned(open)) with { Purpose = "another" })).ShouldBeEmpty();
    }
}
