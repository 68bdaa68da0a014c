using CrmPlatform.Loyalty.Care;
using Microsoft.Extensions.Configuration;

namespace CrmPlatform.Loyalty.Tests.Sending;

/// <summary>Templates in Liquid: what they show, in which language, and which are refused.</summary>
public sealed class TemplateTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crm-templates-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void the_shipped_plan_has_templates_in_chinese_and_english()
    {
        var settings = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(TestServers.Root, "services", "loyalty", "Loyalty", "appsettings.json"))
            .Build();
        var plan = settings.GetSection("Care").Get<CarePlan>()!;
        var options = new SendingOptions();
        options.Values["company"] = "";
        var templates = MessageTemplates.Read(options, "loyalty", "points");
        foreach (var content in plan.Occasions.Values.SelectMany(o => o.Messages).Select(m => m.Content).Distinct())
        {
            templates.Of(content, "en-GB").ShouldNotBeNull(content).Language.ShouldBe("en", content);
            if (!content.EndsWith("-en", StringComparison.Ordinal))
                templates.Of(content, "zh-Hans-CN").ShouldNotBeNull(content).Language.ShouldBe("zh", content);
        }
    }

    [Fact]
    public async Task values_are_escaped_in_html_and_nowhere_else()
    {
        Write("hello.en.txt", "Hello {{ name }}\n\nDear {{ name }}, you have {{ points }}.\n");
        Write("hello.en.html", "<p>Dear {{ name }}</p>");
        var (subject, text, html) = await Read().Of("hello", "en")!.Render(Values("<Li> & 李\r\nBcc: x@example.com", "50"));
        subject.ShouldBe("Hello <Li> & 李Bcc: x@example.com");
        text.ShouldBe("Dear <Li> & 李Bcc: x@example.com, you have 50.\n");
        html.ShouldBe("<p>Dear &lt;Li&gt; &amp; 李Bcc: x@example.com</p>");
    }

    [Fact]
    public void a_language_falls_back_to_its_main_one_and_then_to_the_installations()
    {
        foreach (var language in new[] { "zh", "en", "zh-TW" })
            Write($"hello.{language}.txt", "Hello");
        Write("only.fr.txt", "Salut");
        var templates = Read();
        templates.Of("hello", "zh-TW")!.Language.ShouldBe("zh-TW");
        templates.Of("hello", "ZH-cn")!.Language.ShouldBe("zh");
        templates.Of("hello", "en-GB")!.Language.ShouldBe("en");
        templates.Of("hello", "fr")!.Language.ShouldBe("zh");
        templates.Of("hello", null)!.Language.ShouldBe("zh");
        templates.Of("only", "en")!.Language.ShouldBe("fr");
        templates.Of("nobody-wrote", "en").ShouldBeNull();
    }

    [Theory]
    [InlineData("Hello {{ adress }}", "adress is unknown")]
    [InlineData("Hello {% if nobody %}x{% endif %}", "nobody is unknown")]
    [InlineData("Hello {{ name", "a template in Liquid")]
    public void a_template_that_shows_what_nobody_gives_is_refused_at_start(string text, string why)
    {
        Write("hello.en.txt", text);
        Should.Throw<SettingException>(() => Read()).Message.ShouldContain(why);
    }

    void Write(string file, string text) => File.WriteAllText(Path.Combine(folder, file), text);

    MessageTemplates Read() => MessageTemplates.Read(new SendingOptions { Templates = folder }, "loyalty", "points");

    static Dictionary<string, string?> Values(string name, string points) => new() { ["name"] = name, ["points"] = points };
}
