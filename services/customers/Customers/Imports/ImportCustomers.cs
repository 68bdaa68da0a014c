using System.Globalization;
using CrmPlatform.Customers.Profiles;
using CsvHelper;
using Directory = CrmPlatform.Customers.Profiles.Directory;

namespace CrmPlatform.Customers.Imports;

/// <summary>
/// Customers in bulk. A row is what POST /api/customers takes; a row without an external id is named by the import and its number.
/// </summary>
public static class ImportCustomers
{
    public static void Map(CrmService room) =>
        room.MapImport(
            "imports/{importId}/customers",
            "Import customers (NDJSON or CSV)",
            "customers.import",
            [
                "invalid-request",
                "too-large",
                "in-the-future",
                "invalid-tag",
                "enterprise-only",
                "unknown-role",
                "birth-date-in-future",
                "invalid-contact",
                "customer-forgotten",
                "duplicate-identity",
            ],
            (string importId, Request request, HttpContext http, CancellationToken ct) =>
                importId.Length is 0 or > 80
                    ? throw new BadRequestException("importId", "1 to 80 characters")
                    : ImportRows.Answer<RegisterCustomer>(http, Csv, (rows, _) => Write(request, http.RequestServices, importId, rows), ct)
        );

    static async Task<RowResult[]> Write(
        Request request,
        IServiceProvider services,
        string importId,
        IReadOnlyList<Row<RegisterCustomer>> rows
    )
    {
        var (store, now) = (services.GetRequiredService<EventStore>(), request.Now);
        var good = rows.Where(r => r.Command is not null).ToList();
        var ids = good.ToDictionary(
            r => r.Number,
            r => r.Command!.IdOr(NameId.For("import", importId, r.Number.ToString(CultureInfo.InvariantCulture)))
        );
        Write Of(Row<RegisterCustomer> r) =>
            EventSourcing.Write.To(Customer.Of(ids[r.Number]), c => r.Command!.Decide(c, ids[r.Number], now, TagOrigin.Import));
        Dictionary<long, RowResult> results;
        try
        {
            results = good.Zip(await store.Execute(request, [.. good.Select(Of)], refusalsAsResults: true))
                .ToDictionary(x => x.First.Number, x => Result(x.First.Number, x.Second));
        }
        catch (PostgresException e) when (e.ConstraintName == Directory.ExternalIds)
        {
            // Somebody's number belongs to somebody else: one by one, so that only that row is refused.
            results = [];
            foreach (var row in good)
            {
                try
                {
                    results[row.Number] = Result(row.Number, (await store.Execute(request, [Of(row)], refusalsAsResults: true))[0]);
                }
                catch (PostgresException one) when (one.ConstraintName == Directory.ExternalIds)
                {
                    results[row.Number] = RowResult.Refused(
                        row.Number,
                        "duplicate-identity",
                        "An external id of this row belongs to another customer.",
                        "externalIds"
                    );
                }
            }
        }
        return [.. rows.Select(r => r.Refused ?? results[r.Number])];
    }

    static RowResult Result(long number, WriteResult result) =>
        result.Refused is { } refused
            ? RowResult.Refused(number, refused.Code, refused.Message, refused.Field)
            : new(number, result.Events.Count > 0 ? "recorded" : "unchanged", result.StreamId);

    /// <summary>
    /// Columns: kind, source, externalSystem, externalId, name, gender, birthDate, ageBand, incomeBand, householdSize, language, province,
    /// city, phone, email, tags (separated by |).
    /// </summary>
    static async IAsyncEnumerable<Row<RegisterCustomer>> Csv(
        TextReader reader,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        using var csv = new CsvReader(reader, CultureInfo.InvariantCulture);
        if (!await csv.ReadAsync())
            yield break;
        csv.ReadHeader();
        for (var number = 1L; await csv.ReadAsync(); number++)
        {
            ct.ThrowIfCancellationRequested();
            yield return Read(csv, number);
        }
    }

    static Row<RegisterCustomer> Read(CsvReader csv, long number)
    {
        string? Text(string column) =>
            csv.TryGetField<string>(column, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
        var household = Text("householdSize");
        if (!Enum.TryParse<CustomerKind>(Text("kind") ?? "individual", true, out var kind))
            return new(number, null, RowResult.Refused(number, "invalid-request", "kind is individual or enterprise", "kind"));
        if (household is not null && !int.TryParse(household, CultureInfo.InvariantCulture, out _))
            return new(number, null, RowResult.Refused(number, "invalid-request", "householdSize is a number", "householdSize"));
        DateOnly birth = default;
        if (
            Text("birthDate") is { } date
            && !DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out birth)
        )
            return new(number, null, RowResult.Refused(number, "invalid-request", "birthDate is a day like 1990-12-31", "birthDate"));
        return ImportRows.Checked(
            number,
            new RegisterCustomer(
                Kind: kind,
                Profile: new(
                    Name: Text("name"),
                    BirthDate: birth == default ? null : birth,
                    Gender: Text("gender"),
                    AgeBand: Text("ageBand"),
                    IncomeBand: Text("incomeBand"),
                    HouseholdSize: household is null ? null : int.Parse(household, CultureInfo.InvariantCulture),
                    MaritalStatus: null,
                    Language: Text("language"),
                    Province: Text("province"),
                    City: Text("city")
                ),
                Source: Text("source"),
                ExternalIds: Text("externalSystem") is { } system && Text("externalId") is { } value ? [new(system, value)] : null,
                Contacts:
                [
                    .. new[] { ("phone", Text("phone")), ("email", Text("email")) }
                        .Where(c => c.Item2 is not null)
                        .Select(c => new Contact(c.Item1, c.Item2!)),
                ],
                Addresses: null,
                Tags: Text("tags")?.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            )
        );
    }
}
