namespace CrmPlatform.Crm.Tests;

public sealed class BelongingsTests : IDisposable
{
    static readonly Company tokyo = new("Asia/Tokyo", "JPY", "JP");
    static readonly Func<string, string?> nothing = _ => null;
    readonly Checkout _lost = new();
    readonly Checkout _bare = new();
    readonly string _backup = Directory.CreateTempSubdirectory("crm-backup").FullName;

    [Fact]
    public void a_restore_on_a_bare_machine_brings_company_and_settings()
    {
        Backup(tokyo, "Loyalty__AdjustAlone=100");

        Belongings.In(_backup).For(Bare, _backup, nothing).Keep(Bare);

        Company.Of(Bare, nothing).ShouldBe(tokyo);
        OwnSettings.Of(Bare).ShouldBe(new Dictionary<string, string> { ["Loyalty__AdjustAlone"] = "100" });
        Belongings.In(_backup).For(Bare, _backup, nothing).Company.ShouldBe(tokyo, "a second time");
    }

    [Fact]
    public void an_installation_that_began_with_another_company_is_left_as_it_is()
    {
        Backup(tokyo);
        Company.OfTheSample.Keep(Bare);

        var refusal = Should.Throw<CrmException>(() => Belongings.In(_backup).For(Bare, _backup, nothing)).Message;

        refusal.ShouldContain("Asia/Tokyo, JPY, JP");
        refusal.ShouldContain("America/New_York, USD, US");
        Company.Of(Bare, nothing).ShouldBe(Company.OfTheSample);
    }

    [Fact]
    public void neither_settings_win_where_they_differ_and_no_value_is_shown()
    {
        Backup(tokyo, "Loyalty__AdjustAlone=100", "Auth__Clients__3__Secret=sesame");
        File.WriteAllText(Bare.PathOf("settings"), "Loyalty__AdjustAlone=100\n");

        var refusal = Should.Throw<CrmException>(() => Belongings.In(_backup).For(Bare, _backup, nothing)).Message;

        refusal.ShouldStartWith("Auth__Clients__3__Secret in ");
        refusal.ShouldNotContain("sesame");
    }

    [Fact]
    public void that_nothing_was_set_is_known_too()
    {
        Backup(tokyo);
        File.WriteAllText(Bare.PathOf("settings"), "Loyalty__AdjustAlone=100\n");
        Should
            .Throw<CrmException>(() => Belongings.In(_backup).For(Bare, _backup, nothing))
            .Message.ShouldStartWith("Loyalty__AdjustAlone in ");
    }

    [Fact]
    public void of_a_backup_of_an_earlier_version_the_company_must_be_given()
    {
        Should
            .Throw<CrmException>(() => Belongings.In(_backup).For(Bare, _backup, name => name == "CRM_ZONE" ? "Asia/Tokyo" : null))
            .Message.ShouldContain("CRM_ZONE, CRM_CURRENCY, CRM_REGION");

        var given = Company.Names.Zip(["Asia/Tokyo", "JPY", "JP"]).ToDictionary();
        Belongings.In(_backup).For(Bare, _backup, given.GetValueOrDefault).Company.ShouldBe(tokyo);
        tokyo.Keep(Bare);
        Belongings.In(_backup).For(Bare, _backup, nothing).Company.ShouldBe(tokyo, "the installation that it is of knows it");
    }

    [Fact]
    public void another_company_in_the_environment_is_refused_before_anything_changes()
    {
        Backup(tokyo);
        Should
            .Throw<CrmException>(() => Belongings.In(_backup).For(Bare, _backup, name => name == "CRM_CURRENCY" ? "EUR" : null))
            .Message.ShouldContain("EUR, but the backup's installation began with JPY");
    }

    [Fact]
    public void a_changed_master_key_is_restored_with_the_one_before()
    {
        File.WriteAllLines(
            Lost.PathOf("secrets"),
            ["PersonalData__MasterKey=new", "PersonalData__PreviousMasterKey=old", "PersonalData__IndexKey=index"]
        );
        var keys = Path.Combine(_backup, "personal-data-keys");
        Secrets.Of(Lost).WritePersonalKeys(keys);

        Secrets.Of(Bare).AdoptPersonalKeys(keys);

        Secrets.Of(Bare).MasterKey.ShouldBe("new");
        Secrets.Of(Bare).PreviousMasterKey.ShouldBe("old");
        Secrets.Of(Bare).IndexKey.ShouldBe("index");
    }

    [Fact]
    public void a_backup_without_its_keys_is_not_restored() =>
        Should
            .Throw<CrmException>(() => Secrets.Of(Bare).AdoptPersonalKeys(Path.Combine(_backup, "keys", "personal-data-keys")))
            .Message.ShouldContain("put the backup's folder keys back");

    [Fact]
    public void a_key_among_the_settings_is_sent_to_the_secrets()
    {
        File.WriteAllText(Bare.PathOf("settings"), "PersonalData__PreviousMasterKey=old\n");
        var refusal = Should.Throw<CrmException>(() => OwnSettings.Of(Bare)).Message;
        refusal.ShouldStartWith("PersonalData__PreviousMasterKey is in ");
        refusal.ShouldContain(Bare.PathOf("secrets"));
        refusal.ShouldNotContain("=old");
    }

    public void Dispose()
    {
        _lost.Dispose();
        _bare.Dispose();
        Directory.Delete(_backup, recursive: true);
    }

    void Backup(Company company, params string[] settings)
    {
        company.Keep(Lost);
        File.WriteAllLines(Lost.PathOf("settings"), settings);
        Belongings.Write(_backup, Lost);
    }

    Instance Lost => Instance.At(Checkout.Root, _lost.Run);
    Instance Bare => Instance.At(Checkout.Root, _bare.Run);
}
