namespace CrmPlatform.ServiceDesk.Tickets;

/// <summary>An agent, who is published to other rooms: the subject of their token.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class AgentAttribute() : RegularExpressionAttribute("^[A-Za-z0-9][A-Za-z0-9._|-]{0,99}$")
{
    // Left out is null: the expression is not asked about an empty text.
    public override bool IsValid(object? value) => value is not "" && base.IsValid(value);

    public override string FormatErrorMessage(string name) =>
        $"{name} is the subject of a token: letters, digits, dots, hyphens, at most 100; never an e-mail address.";
}
