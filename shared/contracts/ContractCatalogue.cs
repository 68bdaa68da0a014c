using System.Collections.Frozen;
using System.Reflection;
using System.Text;

namespace CrmPlatform.Contracts;

/// <summary>A contract with its name on the wire.</summary>
public sealed record ContractName(string Name, string Publisher, Type Type, bool Internal);

/// <summary>All contracts of this assembly by their wire names.</summary>
public static class ContractCatalogue
{
    public static IReadOnlyList<ContractName> All { get; } =
    [
        .. from type in typeof(ContractCatalogue).Assembly.GetExportedTypes()
        let contract = type.GetCustomAttribute<ContractAttribute>()
        where contract is not null
        from publisher in contract.Publishers
        let name = $"{publisher}.{Kebab(type.Name)}"
        orderby name
        select new ContractName(name, publisher, type, contract.Internal),
    ];

    static readonly FrozenDictionary<string, ContractName> byName = All.ToFrozenDictionary(c => c.Name);
    static readonly FrozenDictionary<(string, Type), ContractName> byType = All.ToFrozenDictionary(c => (c.Publisher, c.Type));

    /// <summary>The contract with this wire name; null for an unknown one, which a newer publisher may send.</summary>
    public static ContractName? Find(string name) => byName.GetValueOrDefault(name);

    /// <exception cref="ArgumentException">The type is not a contract of that publisher.</exception>
    public static ContractName Of(string publisher, Type type) =>
        byType.TryGetValue((publisher, type), out var contract)
            ? contract
            : throw new ArgumentException(
                $"{type.Name} is not a contract of {publisher}; expected a record with [Contract(\"{publisher}\")]",
                nameof(type)
            );

    static string Kebab(string pascal)
    {
        var kebab = new StringBuilder(pascal.Length + 4);
        foreach (var c in pascal)
        {
            if (char.IsUpper(c) && kebab.Length > 0)
                kebab.Append('-');
            kebab.Append(char.ToLowerInvariant(c));
        }
        return kebab.ToString();
    }
}
