using System.Globalization;
using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.Customers.Quality;
using static CrmPlatform.Customers.Tests.Quality.Assessed;

namespace CrmPlatform.Customers.Tests.Quality;

/// <summary>What the built-in checks find.</summary>
public sealed class QualityCheckTests
{
    [Theory]
    [InlineData("11010519491231002", 'X', false)]
    [InlineData("44052418800101001", '4', false)]
    [InlineData("91350100M000100Y4", '3', true)]
    public void a_number_is_right_with_its_check_character_alone(string number, char check, bool company)
    {
        var kind = company ? CustomerKind.Enterprise : CustomerKind.Individual;
        "0123456789ABCDEFGHJKLMNPQRTUWXY"
            .Where(last => !Broken([new("idNumber", number + last)], kind).Contains("id-number-format"))
            .ShouldBe([check]);
    }

    [Theory]
    [InlineData("1949-12-31", "female", "")]
    [InlineData("1949-12-31", "male", "id-number-gender")]
    [InlineData("1949-12-30", "undisclosed", "id-number-birth-date")]
    [InlineData("1950-12-31", "male", "id-number-birth-date id-number-gender")]
    [InlineData(null, null, "")]
    public void a_persons_number_agrees_with_birth_date_and_gender(string? birth, string? gender, string broken)
    {
        var profile = new Profile(BirthDate: birth is null ? null : DateOnly.Parse(birth, CultureInfo.InvariantCulture), Gender: gender);
        string.Join(' ', Broken(Details(profile, new Contact("idNumber", "11010519491231002X")))).ShouldBe(broken);
        string.Join(' ', Broken(Details(profile, new Contact("idNumber", "11010519491231002x")))).ShouldBe(broken);
        // A number that is none says nothing.
        Broken(Details(profile, new Contact("idNumber", "110105194912310021"))).ShouldBe(["id-number-format"]);
    }

    [Theory]
    [InlineData("13812341234", "")]
    [InlineData("021 6123 4567", "")]
    [InlineData("95588", "phone-format")]
    [InlineData("1381234", "phone-format")]
    public void a_phone_is_a_valid_number(string phone, string broken) => string.Join(' ', Broken([new("phone", phone)])).ShouldBe(broken);

    [Theory]
    [InlineData("广东省", "518000", null, "")]
    [InlineData("广东", "510000", "中国", "")]
    [InlineData("广西壮族自治区", "530000", "CN", "")]
    [InlineData("内蒙古", "137400", null, "")]
    [InlineData("广东", "100000", null, "postal-code-province")]
    [InlineData("广东", "51800", null, "postal-code-format")]
    [InlineData("广东", "51800x", null, "postal-code-format")]
    [InlineData(null, "518000", null, "")]
    [InlineData("香港", "999077", null, "")]
    [InlineData("California", "94105", "US", "")]
    public void a_postal_code_has_six_digits_of_its_province(string? province, string code, string? country, string broken) =>
        string.Join(' ', Broken(At(new(), [new("home", country, Province: province, PostalCode: code)]))).ShouldBe(broken);

    [Theory]
    [InlineData("广东", "深圳", "南山区", "")]
    [InlineData(null, null, "南山", "")]
    [InlineData("广东省", "深圳市", "朝阳区", "district-unknown")]
    [InlineData(null, null, "无此区", "district-unknown")]
    public void a_district_is_one_of_its_city(string? province, string? city, string district, string broken) =>
        string.Join(' ', Broken(At(new(), [new("home", null, province, city, district)]))).ShouldBe(broken);

    [Fact]
    public void every_province_of_the_districts_has_postal_codes()
    {
        Areas.Count.ShouldBe(2_978);
        var provinces = File.ReadAllLines(
                Path.Combine(CrmPlatform.Testing.TestServers.Root, "services/customers/Customers/Identity/Tables/areas.tsv")
            )
            .Skip(1)
            .Select(l => l.Split('\t')[3])
            .Distinct()
            .ToList();
        provinces.Count.ShouldBe(31);
        provinces.Where(p => PostalCodes.Fits("999999", p)).ShouldBeEmpty();
        PostalCodes.Provinces.Where(p => !provinces.Any(q => q.StartsWith(p, StringComparison.Ordinal))).ShouldBeEmpty();
    }

    [Fact]
    public void every_check_can_refuse_and_the_doors_say_so() =>
        ProfileGate.Codes.ShouldBe(QualityChecks.All.Where(c => c.Kind != RuleKind.Fresh).Select(c => c.Code), ignoreOrder: true);

    static IEnumerable<string> Broken(Contact[] contacts, CustomerKind kind = CustomerKind.Individual) =>
        Broken(Details(new(), contacts), kind);

    static IEnumerable<string> Broken(PersonalDetails details, CustomerKind kind = CustomerKind.Individual) =>
        QualityChecks
            .All.Where(c => c.Kind is not (RuleKind.Required or RuleKind.Fresh) && c.Fails(new(kind, details, true, "CN")))
            .Select(c => c.Id);
}
