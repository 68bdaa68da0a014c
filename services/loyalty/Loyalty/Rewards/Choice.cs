namespace CrmPlatform.Loyalty.Rewards;

/// <summary>A query parameter that is one of a few words.</summary>
static class Choice
{
    /// <exception cref="BadRequestException">Another word.</exception>
    public static T? Of<T>(string field, string? given, params T[] but)
        where T : struct, Enum
    {
        if (given is null)
            return null;
        var words = Enum.GetValues<T>().Except(but).ToDictionary(value => value.ToString(), StringComparer.OrdinalIgnoreCase);
        return words.TryGetValue(given, out var found)
            ? found
            : throw new BadRequestException(field, $"one of {string.Join(", ", words.Keys).ToLowerInvariant()}");
    }
}
