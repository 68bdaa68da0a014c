using CrmPlatform.Gateway.Edge;
using CrmPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace CrmPlatform.Gateway.Tests;

public class RouteTests
{
    [Theory]
    [
        InlineData("ReverseProxy:Routes:imports:MaxRequestBodySize", "536870912"),
        InlineData("ReverseProxy:Clusters:Customers:HttpRequest:ActivityTimeout", "00:05:00")
    ]
    public void a_setting_of_an_earlier_version_is_named_with_the_one_that_replaced_it(string name, string value)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection([
            KeyValuePair.Create(name, (string?)value),
            .. CrmPlatform.Rooms.Room.All.Select(r => KeyValuePair.Create($"Services:{r.Project}", (string?)"http://nowhere:1")),
        ]);
        var wrong = Should.Throw<SettingException>(builder.AddBackends).Message;
        wrong.ShouldStartWith(string.Join(':', name.Split(':').Take(3)));
        wrong.ShouldContain("Limits:UploadBytes");
    }
}
