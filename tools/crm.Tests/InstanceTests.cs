namespace CrmPlatform.Crm.Tests;

public sealed class InstanceTests : IDisposable
{
    private readonly Checkout _one = new();
    private readonly Checkout _two = new();

    [Fact]
    public async Task two_run_directories_have_blocks_of_ports_of_their_own_and_keep_them()
    {
        var (first, second) = (await Ports(_one.Run), await Ports(_two.Run));

        var ports = first.Where(IsPort).Select(Number).ToList();
        Math.Abs(ports.Min() - second.Where(IsPort).Min(Number)).ShouldBeGreaterThanOrEqualTo(40);
        (await Ports(_one.Run)).ShouldBe(first);
        ports.ShouldAllBe(port => port >= 20_000 && port < 32_000);
        ports.ShouldBeUnique();
        first["CRM_PG_PASSWORD"].ShouldNotBe(second["CRM_PG_PASSWORD"]);
    }

    [Fact]
    public async Task the_file_with_the_passwords_is_its_owners_alone()
    {
        await Ports(_one.Run);

        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(_one.Run, "env")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void a_value_may_hold_equal_signs_and_semicolons()
    {
        var file = Path.Combine(_one.Run, "some");
        File.WriteAllText(file, "CRM_POSTGRES=Host=127.0.0.1;Port=1\nnoise\nA=1\nA=2\n");

        var read = Instance.Read(file);

        read["CRM_POSTGRES"].ShouldBe("Host=127.0.0.1;Port=1");
        read["A"].ShouldBe("2");
        read.Count.ShouldBe(2);
    }

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    private static bool IsPort(KeyValuePair<string, string> setting) => setting.Key.EndsWith("_PORT", StringComparison.Ordinal);

    private static int Number(KeyValuePair<string, string> setting) =>
        int.Parse(setting.Value, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<Dictionary<string, string>> Ports(string run)
    {
        var (code, output) = await Processes.Run(
            Path.Combine(Checkout.Root, "tools", "infra.sh"),
            ["ports"],
            new Dictionary<string, string> { ["CRM_RUN_DIR"] = run },
            default
        );
        code.ShouldBe(0, output);
        return Instance.Read(Path.Combine(run, "env"));
    }
}
