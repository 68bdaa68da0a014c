using System.Text.RegularExpressions;

namespace CrmPlatform.Crm;

/// <summary>
/// Zone, currency and region of the company whose installation this is: said at the first start (<c>CRM_ZONE</c>, <c>CRM_CURRENCY</c>,
/// <c>CRM_REGION</c>; those of the sample shop otherwise) and kept, since days and amounts are recorded in them.
/// </summary>
public sealed record Company(string Zone, string Currency, string Region)
{
    public static readonly Company OfTheSample = new(Sample.TimeZone, "USD", "US");

    public static readonly IReadOnlyList<string> Names = ["CRM_ZONE", "CRM_CURRENCY", "CRM_REGION"];

    public static Company Of(Instance instance) => Of(instance, Environment.GetEnvironmentVariable);

    /// <param name="environment">Gives the value of a setting, or null.</param>
    /// <param name="restored">The company of a backup that is put into this installation.</param>
    /// <exception cref="CrmException">A setting is malformed, or is another one than at the first start.</exception>
    public static Company Of(Instance instance, Func<string, string?> environment, Company? restored = null)
    {
        var kept = restored ?? Kept(instance);
        var company = new Company(
            Setting("CRM_ZONE", kept?.Zone, OfTheSample.Zone),
            Setting("CRM_CURRENCY", kept?.Currency, OfTheSample.Currency),
            Setting("CRM_REGION", kept?.Region, OfTheSample.Region)
        );
        Must("CRM_ZONE", company.Zone, TimeZoneInfo.TryFindSystemTimeZoneById(company.Zone, out _), "a zone like Asia/Shanghai");
        Must("CRM_CURRENCY", company.Currency, Regex.IsMatch(company.Currency, @"^[A-Z]{3}\z"), "an ISO 4217 code like CNY");
        Must("CRM_REGION", company.Region, Regex.IsMatch(company.Region, @"^[A-Z]{2}\z"), "an ISO 3166 code like CN");
        return company;

        string Setting(string name, string? was, string otherwise)
        {
            var given = environment(name) is { Length: > 0 } value ? value : null;
            var whose = restored is null ? instance.Run : "the backup's installation";
            return was is null || given is null || given == was
                ? was ?? given ?? otherwise
                : throw new CrmException(
                    $"{name} is {given}, but {whose} began with {was}, in which its days and amounts are recorded: "
                        + "leave it out to go on; ./crm reset throws the data away and begins anew, and CRM_RUN_DIR (a folder instead of "
                        + ".crm) begins another installation beside this one"
                );
        }
    }

    public void Keep(Instance instance) => Write(FileOf(instance));

    public void Write(string file) => File.WriteAllLines(file, Names.Zip([Zone, Currency, Region], (name, value) => $"{name}={value}"));

    /// <summary>What such a file says; null where there is none.</summary>
    public static Company? Read(string file)
    {
        var kept = Instance.Read(file);
        return kept.Count > 0 ? new(kept["CRM_ZONE"], kept["CRM_CURRENCY"], kept["CRM_REGION"]) : null;
    }

    /// <summary>What the installation began with; null where nothing was started yet.</summary>
    public static Company? Kept(Instance instance) =>
        Read(FileOf(instance))
        // Up to 0.2 every installation was the sample's; what has secrets was started before.
        ?? (File.Exists(instance.PathOf("secrets")) ? OfTheSample : null);

    public override string ToString() => $"{Zone}, {Currency}, {Region}";

    static string FileOf(Instance instance) => instance.PathOf("company");

    static void Must(string name, string value, bool holds, string expected)
    {
        if (!holds)
            throw new CrmException($"{name} is '{value}'; expected is {expected}");
    }
}
