using System.Globalization;
using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.EventSourcing;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.CustomersBenchmarks;

/// <summary>
/// Made-up people, always the same: surnames as common as they are, given names of one or two characters, a mobile phone, an e-mail
/// address, a birth date, and for half of them an address. One in a hundred has the phone of another.
/// </summary>
sealed class Population(int seed)
{
    const string Given =
        "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文志海波宇辰浩然欣怡子涵雨轩梓萱诗琪晨曦思远佳慧嘉豪俊凯雅婷天佑若景行书瑶";

    static readonly (string Surname, double Until)[] surnames = Cumulated();
    static readonly string[][] areas = [.. TextResource.Lines("areas.tsv").Where(line => line[0] != '#').Select(line => line.Split('\t'))];
    readonly Random random = new(seed);
    readonly List<string> phones = [];

    public PersonalDetails Next(int number)
    {
        var at = random.NextDouble();
        var surname = surnames[Array.FindIndex(surnames, s => s.Until >= at) is >= 0 and var i ? i : 0].Surname;
        var given = string.Concat(Enumerable.Range(0, random.Next(5) == 0 ? 1 : 2).Select(_ => Given[random.Next(Given.Length)]));
        var phone =
            phones.Count > 100 && random.Next(100) == 0
                ? phones[random.Next(phones.Count)]
                : "+861" + (3_000_000_000L + number * 7L % 6_999_999_999L).ToString(CultureInfo.InvariantCulture);
        if (phones.Count < 10_000)
            phones.Add(phone);
        var area = areas[random.Next(areas.Length)];
        return new(
            new(Gender: random.Next(2) == 0 ? "female" : "male"),
            surname + given,
            new DateOnly(1940, 1, 1).AddDays(random.Next(25_000)),
            [new("phone", phone), new("email", $"p{number}@mail.test")],
            random.Next(2) == 0
                ? []
                : [new("home", "CN", area[3], area[2], area[1], $"人民路{random.Next(1, 400)}号{random.Next(1, 30)}室")],
            null,
            new Dictionary<string, string>(),
            []
        );
    }

    public static CustomerRegistered Registered(Guid id, PersonalDetails details, DateTimeOffset at) =>
        new(CustomerKind.Individual, "bench", [], Personal.Of(id, details), at);

    static (string, double)[] Cumulated()
    {
        var sum = 0d;
        return
        [
            .. TextResource
                .Lines("surnames.tsv")
                .Select(line => line.Split('\t')[0])
                .Select(s => (s, Surnames.Share(s)!.Value))
                .OrderByDescending(s => s.Value)
                .Select(s => (s.s, sum += s.Value)),
        ];
    }
}
