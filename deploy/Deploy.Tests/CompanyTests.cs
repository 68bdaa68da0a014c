namespace CrmPlatform.Deploy.Tests;

/// <summary>Nobody starts with another company's zone, currency and region because no file or document named them.</summary>
public class CompanyTests
{
    [Fact]
    public void the_production_overlay_says_whose_company_it_is()
    {
        var overlay = Offline.Read("deploy", "k8s", "overlays", "production", "kustomization.yaml");
        var readme = Offline.Read("deploy", "README.md");
        foreach (var (setting, compose, crm) in Company)
        {
            overlay.ShouldContain($"- {setting}=");
            readme.ShouldContain($"`{setting}`");
            readme.ShouldContain($"`{compose}`");
            readme.ShouldContain($"`{crm}`");
            Offline.Read("docker-compose.yml").ShouldContain($"{setting}: ${{{compose}:-");
        }
    }

    [Fact]
    public void compose_gets_the_company_that_the_command_line_would_get()
    {
        var (code, output) = Offline.Run(
            "env",
            ["CRM_ZONE=Asia/Tokyo", "CRM_CURRENCY=JPY", "CRM_REGION=JP", "sh", "deploy/docker/make-env.sh"],
            Offline.Root
        );
        code.ShouldBe(0, output);
        var made = Settings.Lines(output).ToDictionary();
        Company.Select(name => made[name.Compose]).ShouldBe(["Asia/Tokyo", "JPY", "JP"]);
    }

    static readonly (string Setting, string Compose, string Crm)[] Company =
    [
        ("Business__TimeZone", "BUSINESS_TIMEZONE", "CRM_ZONE"),
        ("Business__Currency", "BUSINESS_CURRENCY", "CRM_CURRENCY"),
        ("Business__Region", "BUSINESS_REGION", "CRM_REGION"),
    ];
}
