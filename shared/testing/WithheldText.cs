using System.Text.RegularExpressions;
using CrmPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace CrmPlatform.Testing;

/// <summary>No endpoint shows personal text to somebody who may do everything but see it.</summary>
public static class WithheldText
{
    /// <param name="ids">What the routes may be asked for: a customer, a ticket.</param>
    /// <param name="texts">Personal text that the room holds about them. Each is shown somewhere to who may see it.</param>
    public static async Task Check<TProgram>(ServiceFixture<TProgram> fixture, IReadOnlyList<Guid> ids, params string[] texts)
        where TProgram : class
    {
        var source = fixture.Services.GetRequiredService<EndpointDataSource>();
        var all = Permissions.Of([source]);
        all.ShouldContain(Permissions.PersonalRead);
        using var seeing = fixture.Http([.. all]);
        using var other = fixture.Http([.. all.Where(p => !p.StartsWith("personal.", StringComparison.Ordinal))]);
        var (seen, asked) = (new HashSet<string>(), 0);
        foreach (var route in source.Endpoints.OfType<RouteEndpoint>())
        {
            if (
                route.Metadata.GetMetadata<IAllowAnonymous>() is not null
                || route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == false
            )
                continue;
            var template = "/" + route.RoutePattern.RawText!.TrimStart('/');
            foreach (var path in ids.Select(id => Regex.Replace(template, @"\{[^}]*\}", id.ToString())).Distinct())
            {
                asked++;
                var shown = await (await other.GetAsync(path)).Content.ReadAsStringAsync();
                foreach (var text in texts)
                    shown.ShouldNotContain(text, Case.Sensitive, $"{path} shows it without {Permissions.PersonalRead}");
                var whole = await (await seeing.GetAsync(path)).Content.ReadAsStringAsync();
                seen.UnionWith(texts.Where(text => whole.Contains(text, StringComparison.Ordinal)));
            }
        }
        seen.ShouldBe(texts, ignoreOrder: true, "the walk sees what there is");
        asked.ShouldBeGreaterThan(5);
    }
}
