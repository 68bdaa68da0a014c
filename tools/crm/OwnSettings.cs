namespace CrmPlatform.Crm;

/// <summary>
/// Settings of one installation's own, in the file <c>settings</c> of its run directory: lines like <c>Loyalty__AdjustAlone=100</c>.
/// </summary>
public static class OwnSettings
{
    /// <exception cref="CrmException">A key of personal data is among them: a backup has these beside what that key opens.</exception>
    public static Dictionary<string, string> Of(Instance instance)
    {
        var own = Instance.Read(instance.PathOf("settings"));
        return own.Keys.FirstOrDefault(Secrets.PersonalKeys.Contains) is not { } key
            ? own
            : throw new CrmException(
                $"{key} is in {instance.PathOf("settings")}, but belongs into {instance.PathOf("secrets")}: move the line. "
                    + "A backup keeps the keys that are there, apart from the data"
            );
    }
}
