using CrmPlatform.ServiceDesk.Surveys;
using Microsoft.Extensions.Configuration;

namespace CrmPlatform.ServiceDesk.Tests.Surveys;

/// <summary>Links cannot be guessed, and name nobody.</summary>
public sealed class LinkTests
{
    static SurveyLink Links(byte key) =>
        new(
            new PersonalIndex(
                new ConfigurationBuilder()
                    .AddInMemoryCollection([new("PersonalData:IndexKey", Convert.ToBase64String(Enumerable.Repeat(key, 32).ToArray()))])
                    .Build()
            )
        );

    [Fact]
    public void a_token_leads_to_its_invitation_and_is_the_same_again()
    {
        var id = Guid.CreateVersion7();
        var token = Links(1).TokenOf(id);
        token.Length.ShouldBe(43);
        Links(1).TokenOf(id).ShouldBe(token);
        Links(1).InvitationOf(token).ShouldBe(id);
        Links(2).InvitationOf(token).ShouldBeNull("another installation has another key");
    }

    /// <summary>One other character anywhere, or the same bytes in another spelling, is no token.</summary>
    [Fact]
    public void no_other_token_leads_anywhere()
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var (links, token) = (Links(1), Links(1).TokenOf(Guid.CreateVersion7()));
        for (var i = 0; i < token.Length; i++)
            foreach (var other in alphabet.Where(c => c != token[i]))
                links.InvitationOf(token[..i] + other + token[(i + 1)..]).ShouldBeNull();
        foreach (var wrong in new[] { "", "x", token + "=", token + token, token[..42], new string('我', 43), token.ToUpperInvariant() })
            links.InvitationOf(wrong).ShouldBeNull();
    }
}
