using System.Text.RegularExpressions;

namespace CrmPlatform.Customers.Behaviour;

/// <summary>
/// What is kept of a page's address: the path, without what may be a person's. Seven or more digits, also with - . _ ( ) + or white space
/// between them, become an ellipsis, and so does a part with an @: a phone, an identity number, an e-mail address. Percent-encoding hides
/// nothing.
/// </summary>
public static partial class PagePath
{
    const int MostEncoded = 3;

    public static string Of(string page)
    {
        var path = page.Split('?', '#')[0];
        var plain = path;
        for (var i = 0; i < MostEncoded && Uri.UnescapeDataString(plain) is var decoded && decoded != plain; i++)
            plain = decoded;
        var masked = Addresses().Replace(Numbers().Replace(plain, "…"), "…");
        return masked == plain ? path : masked;
    }

    [GeneratedRegex(@"\d(?:[\s\-–._()+]{0,3}\d){6,}")]
    private static partial Regex Numbers();

    [GeneratedRegex("[^/]*[@＠][^/]*")]
    private static partial Regex Addresses();
}
