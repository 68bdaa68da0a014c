using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Settings that a service reads and validates once at start: if one is invalid the service exits and prints which, and what was expected.
/// </summary>
public static class SettingsDefaults
{
    /// <param name="section">The configuration section, like <c>Households</c>.</param>
    /// <param name="fault">Further validation after the data annotations: returns the error, or null.</param>
    public static CrmService Settings<T>(this CrmService service, string section, Func<T, string?>? fault = null)
        where T : class => service.Add<T>(section, (settings, _) => fault?.Invoke(settings));

    /// <param name="fault">Further validation against other settings: returns the error, or null.</param>
    public static CrmService Settings<T, TOther>(this CrmService service, string section, Func<T, TOther, string?> fault)
        where T : class
        where TOther : class => service.Add<T>(section, (settings, services) => fault(settings, services.GetRequiredService<TOther>()));

    static CrmService Add<T>(this CrmService service, string section, Func<T, IServiceProvider, string?> fault)
        where T : class
    {
        service.Know(section, typeof(T));
        service.Services.AddOptions<T>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        service.Services.AddSingleton<IValidateOptions<T>>(s => new Check<T>(section, settings => fault(settings, s)));
        service.Services.TryAddSingleton(s => s.GetRequiredService<IOptions<T>>().Value);
        return service;
    }

    /// <summary>Settings of these sections that no options have: a misspelled name would otherwise be ignored.</summary>
    internal static IEnumerable<string> Unknown(IConfiguration configuration, IReadOnlyDictionary<string, HashSet<string>> sections) =>
        from section in sections
        from setting in configuration.GetSection(section.Key).GetChildren()
        where !section.Value.Contains(setting.Key)
        select $"{setting.Path} is unknown; {section.Key} has {string.Join(", ", section.Value.Order(StringComparer.Ordinal))}";

    sealed class Check<T>(string section, Func<T, string?> fault) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options) =>
            fault(options) is { } wrong ? ValidateOptionsResult.Fail($"{section}: {wrong}") : ValidateOptionsResult.Success;
    }
}
