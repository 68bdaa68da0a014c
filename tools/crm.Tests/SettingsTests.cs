using System.Text.RegularExpressions;

namespace CrmPlatform.Crm.Tests;

public sealed class SettingsTests : IDisposable
{
    private readonly Checkout _checkout = new();

    [Fact]
    public void every_permission_that_an_endpoint_asks_for_is_given_to_the_demo_client()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "services"), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Checkout.Root, "shared", "service-defaults"), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains(".Tests/", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        var asked = sources.SelectMany(text => Regex.Matches(text, """RequirePermission\("([^"]+)"\)""").Select(match => match.Groups[1].Value)).Distinct();

        asked.Except(Client.Demo.Permissions).ShouldBeEmpty();
        Client.Demo.Permissions.Where(permission => !sources.Any(text => text.Contains($"\"{permission}\"", StringComparison.Ordinal))).ShouldBeEmpty("nothing asks for these");
    }

    [Fact]
    public void analysts_only_read() => Client.Analyst.Permissions.ShouldAllBe(permission => permission.EndsWith(".read", StringComparison.Ordinal));

    [Fact]
    public void secrets_are_made_once_and_read_by_their_owner_alone()
    {
        var instance = Open();

        var (master, signing, password) = (Secrets.Of(instance).MasterKey, Secrets.Of(instance).SigningKeyPem, Secrets.Of(instance).PasswordOf("customers_app"));

        Convert.FromBase64String(master).Length.ShouldBe(32);
        signing.ShouldStartWith("-----BEGIN PRIVATE KEY-----");
        Secrets.Of(instance).MasterKey.ShouldBe(master);
        Secrets.Of(instance).SigningKeyPem.ShouldBe(signing);
        Secrets.Of(instance).PasswordOf("customers_app").ShouldBe(password);
        Secrets.Of(instance).PasswordOf("loyalty_app").ShouldNotBe(password);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(instance.PathOf("secrets")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void a_service_gets_the_role_that_may_not_change_events_and_no_one_elses_keys()
    {
        var instance = Open();
        File.WriteAllLines(instance.PathOf("env"), Part.All.Select((part, n) => $"{part.PortSetting}={25000 + n}")
            .Append("CRM_POSTGRES=Host=127.0.0.1;Port=1;Username=crm;Password=admin").Append("CRM_RABBITMQ=amqp://crm:pw@127.0.0.1:2/crm"));
        instance = Open();
        var secrets = Secrets.Of(instance);

        var segmentation = PartEnvironment.Of(Part.Segmentation, instance, secrets);
        var loyalty = PartEnvironment.Of(Part.Loyalty, instance, secrets);
        var gateway = PartEnvironment.Of(Part.Gateway, instance, secrets);
        var desk = PartEnvironment.Of(Part.ServiceDesk, instance, secrets);

        loyalty["ConnectionStrings__Postgres"].ShouldContain("Username=loyalty_app");
        loyalty["ConnectionStrings__Postgres"].ShouldNotContain("admin");
        segmentation.Keys.ShouldNotContain(key => key.StartsWith("PersonalData", StringComparison.Ordinal));
        desk["ConnectionStrings__Postgres"].ShouldContain("Database=service_desk");
        desk["PersonalData__MasterKey"].ShouldBe(secrets.MasterKey);
        gateway.Keys.ShouldNotContain(key => key.StartsWith("ConnectionStrings", StringComparison.Ordinal));
        gateway["Services__ServiceDesk"].ShouldBe("http://127.0.0.1:25002");
        gateway["Auth__Authority"].ShouldBe("http://127.0.0.1:25005");

        var portraits = PartEnvironment.Of(Part.Portraits, instance, secrets);
        portraits.Keys.ShouldNotContain(key => key.StartsWith("PersonalData", StringComparison.Ordinal));
        portraits["Services__Customers"].ShouldBe("http://127.0.0.1:25000");
    }

    public void Dispose() => _checkout.Dispose();

    private Instance Open() => Instance.At(Checkout.Root, _checkout.Run);
}
