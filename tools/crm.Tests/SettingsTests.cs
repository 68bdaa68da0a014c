namespace CrmPlatform.Crm.Tests;

public sealed class SettingsTests : IDisposable
{
    private readonly Checkout _checkout = new();

    [Fact]
    public void operators_run_the_platform_and_serve_a_persons_rights()
    {
        Client
            .Ops.Permissions.Except(Client.Analyst.Permissions)
            .Where(permission => !permission.StartsWith("ops.", StringComparison.Ordinal))
            .ShouldBe(["customers.forget", "personal.audit", "personal.export"], ignoreOrder: true);
        Client.Ops.Permissions.ShouldBeSubsetOf(Client.Demo.Permissions);
    }

    [Fact]
    public void analysts_only_read() =>
        Client.Analyst.Permissions.ShouldAllBe(permission => permission.EndsWith(".read", StringComparison.Ordinal));

    [Fact]
    public void neither_analysts_nor_operators_see_personal_text()
    {
        Client.Demo.Permissions.ShouldContain("personal.read");
        Client.Analyst.Permissions.ShouldNotContain("personal.read");
        Client.Ops.Permissions.ShouldNotContain("personal.read");
    }

    [Fact]
    public void secrets_are_made_once_and_read_by_their_owner_alone()
    {
        var instance = Open();

        var (master, signing, password) = (
            Secrets.Of(instance).MasterKey,
            Secrets.Of(instance).SigningKeyPem,
            Secrets.Of(instance).PasswordOf("customers_app")
        );

        Convert.FromBase64String(master).Length.ShouldBe(32);
        signing.ShouldStartWith("-----BEGIN PRIVATE KEY-----");
        Secrets.Of(instance).MasterKey.ShouldBe(master);
        Secrets.Of(instance).SigningKeyPem.ShouldBe(signing);
        Secrets.Of(instance).PasswordOf("customers_app").ShouldBe(password);
        Secrets.Of(instance).PasswordOf("loyalty_app").ShouldNotBe(password);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(instance.PathOf("secrets")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void a_service_gets_the_role_that_may_not_change_events_and_no_one_elses_keys()
    {
        var instance = Open();
        File.WriteAllLines(
            instance.PathOf("env"),
            Part.All.Select((part, n) => $"{part.PortSetting}={25000 + n}")
                .Append("CRM_POSTGRES=Host=127.0.0.1;Port=1;Username=crm;Password=admin")
                .Append("CRM_RABBITMQ=amqp://crm:pw@127.0.0.1:2/crm")
                .Append("CRM_RABBITMQ_HTTP=http://crm:pw@127.0.0.1:3")
        );
        instance = Open();
        var secrets = Secrets.Of(instance);

        var portraits = PartEnvironment.Of(Part.Named("portraits"), instance, secrets);
        var loyalty = PartEnvironment.Of(Part.Named("loyalty"), instance, secrets);
        var gateway = PartEnvironment.Of(Part.Gateway, instance, secrets);
        var desk = PartEnvironment.Of(Part.Named("service-desk"), instance, secrets);

        loyalty["ConnectionStrings__Postgres"].ShouldContain("Username=loyalty_app");
        new Uri(loyalty["ConnectionStrings__RabbitMq"]).UserInfo.ShouldStartWith("loyalty:");
        loyalty["ConnectionStrings__RabbitMq"].ShouldNotContain(":pw@");
        loyalty.Keys.ShouldNotContain("ConnectionStrings__RabbitMqManagement");
        loyalty["ConnectionStrings__Postgres"].ShouldNotContain("admin");
        portraits.Keys.ShouldNotContain(key => key.StartsWith("PersonalData", StringComparison.Ordinal));
        desk["ConnectionStrings__Postgres"].ShouldContain("Database=service_desk");
        desk["PersonalData__MasterKey"].ShouldBe(secrets.MasterKey);
        desk.Keys.ShouldNotContain("PersonalData__PreviousMasterKey", "the master key was never changed");
        gateway.Keys.ShouldNotContain(key => key.StartsWith("ConnectionStrings", StringComparison.Ordinal));
        gateway["Services__ServiceDesk"].ShouldBe(Address("service-desk"));
        gateway["Auth__Authority"].ShouldBe(Address("gateway"));

        portraits
            .Where(setting => setting.Key.StartsWith("Services__", StringComparison.Ordinal))
            .ShouldBe([new("Services__Customers", Address("customers"))]);
    }

    [Fact]
    public void an_installation_keeps_the_currency_and_zone_of_its_first_start()
    {
        var given = new Dictionary<string, string>
        {
            ["CRM_CURRENCY"] = "CNY",
            ["CRM_ZONE"] = "Asia/Shanghai",
            ["CRM_REGION"] = "CN",
        };
        var company = Company.Of(Open(), given.GetValueOrDefault);
        company.ShouldBe(new("Asia/Shanghai", "CNY", "CN"));
        company.Keep(Open());

        Company.Of(Open(), _ => null).ShouldBe(company, "said once");
        PartEnvironmentOf("loyalty")["Business__Currency"].ShouldBe("CNY");
        Should
            .Throw<CrmException>(() => Company.Of(Open(), name => name == "CRM_CURRENCY" ? "EUR" : null))
            .Message.ShouldContain("began with CNY");
    }

    [Fact]
    public void the_master_key_before_a_change_goes_to_the_rooms_that_keep_personal_data()
    {
        File.WriteAllText(Open().PathOf("secrets"), "PersonalData__PreviousMasterKey=old\n");
        PartEnvironmentOf("loyalty")["PersonalData__PreviousMasterKey"].ShouldBe("old");
        PartEnvironmentOf("portraits").Keys.ShouldNotContain("PersonalData__PreviousMasterKey");
    }

    [Theory]
    [InlineData("CRM_CURRENCY", "yuan")]
    [InlineData("CRM_ZONE", "Beijing")]
    [InlineData("CRM_REGION", "China")]
    public void a_malformed_setting_of_the_company_is_named(string setting, string value) =>
        Should
            .Throw<CrmException>(() => Company.Of(Open(), name => name == setting ? value : null))
            .Message.ShouldStartWith($"{setting} is '{value}'; expected is");

    [Fact]
    public void an_installation_of_an_earlier_version_is_the_samples()
    {
        _ = Secrets.Of(Open()).MasterKey;
        Company.Of(Open(), _ => null).ShouldBe(Company.OfTheSample);
        Should.Throw<CrmException>(() => Company.Of(Open(), name => name == "CRM_CURRENCY" ? "CNY" : null));
    }

    Dictionary<string, string> PartEnvironmentOf(string part)
    {
        File.WriteAllLines(
            Open().PathOf("env"),
            Part.All.Select((p, n) => $"{p.PortSetting}={25000 + n}")
                .Append("CRM_POSTGRES=Host=127.0.0.1;Port=1;Username=crm;Password=admin")
                .Append("CRM_RABBITMQ=amqp://crm:pw@127.0.0.1:2/crm")
                .Append("CRM_RABBITMQ_HTTP=http://crm:pw@127.0.0.1:3")
        );
        return PartEnvironment.Of(Part.Named(part), Open(), Secrets.Of(Open()));
    }

    static string Address(string name) => $"http://127.0.0.1:{25000 + Part.All.Select(part => part.Name).ToList().IndexOf(name)}";

    public void Dispose() => _checkout.Dispose();

    private Instance Open() => Instance.At(Checkout.Root, _checkout.Run);
}
