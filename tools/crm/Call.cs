using System.CommandLine;

namespace CrmPlatform.Crm;

/// <summary>What a verb works with.</summary>
public sealed record Call(ParseResult Arguments, Instance Instance, Secrets Secrets);
