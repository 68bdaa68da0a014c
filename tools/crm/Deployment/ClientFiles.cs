using System.Globalization;
using System.Text;

namespace CrmPlatform.Crm;

/// <summary>Ids and permissions of the clients, as the gateway's settings name them. Their secrets are elsewhere.</summary>
static class ClientFiles
{
    public static string Of(IReadOnlyList<Client> clients)
    {
        var text = new StringBuilder();
        for (var n = 0; n < clients.Count; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $"Auth__Clients__{n}__Id={clients[n].Id}\n");
            for (var m = 0; m < clients[n].Permissions.Count; m++)
                text.Append(CultureInfo.InvariantCulture, $"Auth__Clients__{n}__Permissions__{m}={clients[n].Permissions[m]}\n");
        }
        return text.ToString();
    }
}
