namespace CrmPlatform.Crm;

/// <summary>
/// Company and settings of an installation: its days and amounts are recorded in the one and its points and tiers follow the other, so a
/// backup has both, and a restore brings them.
/// </summary>
/// <param name="Company">Null in a backup of a version that did not write it.</param>
/// <param name="Settings">The lines of the file settings; null where there is no such file.</param>
public sealed record Belongings(Company? Company, IReadOnlyList<string>? Settings)
{
    public static Belongings In(string folder) =>
        new(Company.Read(Path.Combine(folder, "company")), File.Exists(SettingsOf(folder)) ? File.ReadAllLines(SettingsOf(folder)) : null);

    /// <summary>A file for each, also where nothing is set: then that is known.</summary>
    public static void Write(string folder, Instance instance)
    {
        _ = OwnSettings.Of(instance); // no key of personal data is among them
        Company.Of(instance).Write(Path.Combine(folder, "company"));
        File.WriteAllLines(SettingsOf(folder), In(instance.Run).Settings ?? []);
    }

    /// <summary>What the installation will have when this backup is restored into it; nothing is changed yet.</summary>
    /// <param name="folder">The backup that these are of.</param>
    /// <param name="environment">Gives the value of a setting, or null.</param>
    /// <exception cref="CrmException">The installation began with another company or has other settings; or nobody knows whose data the
    /// backup holds.</exception>
    public Belongings For(Instance instance, string folder, Func<string, string?> environment)
    {
        if (Company is null && Company.Kept(instance) is null && Company.Names.Any(name => environment(name) is not { Length: > 0 }))
            throw new CrmException(
                $"{folder} is a backup of an earlier version, which does not say in which zone, currency and region its data are recorded: "
                    + $"give {string.Join(", ", Company.Names)} as that installation had them, and put its file settings into "
                    + $"{instance.Run}, if it had one"
            );
        if (Company is not null && Company.Kept(instance) is { } began && began != Company)
            throw new CrmException(
                $"{folder} is of an installation with {Company}, but {instance.Run} began with {began}: restore into one that was not "
                    + "started yet (./crm reset throws this one away, CRM_RUN_DIR names another folder than .crm)"
            );
        var here = In(instance.Run).Settings;
        if (Settings is not null && here is not null && Different(Settings, here) is { Count: > 0 } different)
            throw new CrmException(
                $"{string.Join(", ", different)} in {SettingsOf(folder)} and in {SettingsOf(instance.Run)} differ: make the files alike, "
                    + "as it shall be after the restore"
            );
        return new(Company.Of(instance, environment, Company), here ?? Settings);
    }

    public void Keep(Instance instance)
    {
        Company!.Keep(instance);
        if (Settings is { Count: > 0 })
            File.WriteAllLines(SettingsOf(instance.Run), Settings);
    }

    static List<string> Different(IReadOnlyList<string> ours, IReadOnlyList<string> theirs)
    {
        var (one, other) = (Instance.Lines(ours), Instance.Lines(theirs));
        return [.. one.Keys.Union(other.Keys).Where(name => one.GetValueOrDefault(name) != other.GetValueOrDefault(name)).Order()];
    }

    static string SettingsOf(string folder) => Path.Combine(folder, "settings");
}
