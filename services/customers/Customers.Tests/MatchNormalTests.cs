using CrmPlatform.Customers.Identity;
using CrmPlatform.Customers.Profiles;
using CrmPlatform.ServiceDefaults;

namespace CrmPlatform.Customers.Tests;

/// <summary>One spelling per name, address and identifier.</summary>
public sealed class MatchNormalTests
{
    static MatchProfile Of(
        string? name = null,
        CustomerKind kind = CustomerKind.Individual,
        Address? address = null,
        params Contact[] contacts
    ) =>
        MatchProfile.Of(
            kind,
            new(new(), name, null, contacts, address is null ? [] : [address], null, new Dictionary<string, string>(), []),
            "CN",
            new() { IdNumbers = true }
        );

    [Theory]
    [InlineData("王小明", "王", "小明", "wangxiaoming")]
    [InlineData(" 王 小明 ", "王", "小明", "wangxiaoming")]
    [InlineData("劉德華先生", "刘", "德华", "liudehua")]
    [InlineData("欧阳修", "欧阳", "修", "ouyangxiu")]
    [InlineData("单雄信", "单", "雄信", "shanxiongxin")]
    [InlineData("单于飞", "单", "于飞", "shanyufei")]
    [InlineData("查良镛", "查", "良镛", "zhaliangyong")]
    [InlineData("曾国藩", "曾", "国藩", "zengguofan")]
    [InlineData("仇英", "仇", "英", "qiuying")]
    [InlineData("王总", "王", null, "wang")]
    public void a_chinese_name_is_split_and_read(string text, string surname, string? given, string reading)
    {
        var name = MatchName.OfPerson(text)!;
        (name.Surname, name.Given, name.IsHan).ShouldBe((surname, given, true));
        name.Readings.ShouldBe([reading]);
    }

    [Fact]
    public void a_latin_name_is_read_in_both_orders()
    {
        var name = MatchName.OfPerson("Ｗａｎｇ  Xiao-Ming O'Neill")!;
        (name.Full, name.Given, name.Surname).ShouldBe(("wang xiao ming oneill", "wang xiao ming", "oneill"));
        MatchName.OfPerson("Xiaoming Wang")!.Readings.ShouldBe(["xiaomingwang", "wangxiaoming"]);
        MatchName.OfPerson(" ·' ").ShouldBeNull();
    }

    [Fact]
    public void the_table_of_surnames_reads_what_the_library_reads_as_another_word()
    {
        Surnames.Count.ShouldBe(1_074);
        Surnames.Share("王")!.Value.ShouldBe(.07174, .000005);
        foreach (
            var (surname, wrong, right) in new[]
            {
                ("单", "dan", "shan"),
                ("查", "cha", "zha"),
                ("仇", "chou", "qiu"),
                ("解", "jie", "xie"),
                ("朴", "pu", "piao"),
            }
        )
            (Han.Pinyin(surname), Surnames.Pinyin(surname)).ShouldBe((wrong, right));
    }

    [Theory]
    [InlineData("深圳市腾讯计算机系统有限公司", "深圳市腾讯计算机系统")]
    [InlineData("华为技术有限责任公司", "华为技术")]
    [InlineData("某某集团股份有限公司上海分公司", "某某上海")]
    public void a_company_is_known_without_its_legal_form(string text, string full) => MatchName.OfCompany(text)!.Full.ShouldBe(full);

    [Theory]
    [InlineData("文一西路九百六十九号三号楼五单元五〇一室", "文一西路969-3-5-501")]
    [InlineData("文一西路 969 号 3 号楼 5 单元 501 室", "文一西路969-3-5-501")]
    [InlineData("中山二路八十八号", "中山二路88")]
    [InlineData("三里屯路19号院", "三里屯路19")]
    [InlineData("12 High-Street", "12 high street")]
    public void a_street_has_one_form(string text, string street) => MatchAddress.Of(new("home", Street: text))!.Street.ShouldBe(street);

    [Theory]
    [InlineData("十", 10)]
    [InlineData("十二", 12)]
    [InlineData("八十八", 88)]
    [InlineData("一百零五", 105)]
    [InlineData("一〇五", 105)]
    [InlineData("两千三百", 2300)]
    public void a_chinese_numeral_has_a_value(string numeral, int value) => MatchAddress.Number(numeral).ShouldBe(value);

    [Theory]
    [InlineData("北京", "北京", "朝阳区", "110105")]
    [InlineData("北京市", null, "朝阳", "110105")]
    [InlineData("广东", "深圳", "南山", "440305")]
    [InlineData(null, null, "朝阳", null)]
    [InlineData("广东", "深圳", null, null)]
    [InlineData(null, "Springfield", null, "springfield")]
    public void a_district_is_its_code_where_the_names_tell_one(string? province, string? city, string? district, string? code)
    {
        Areas.Count.ShouldBe(2_978);
        (MatchAddress.Of(new("home", null, province, city, district, "x"))!.District ?? "").ShouldBe(code ?? (district ?? ""));
    }

    [Fact]
    public void identifiers_have_one_spelling_and_values_of_nobody_are_none()
    {
        Of(
            contacts:
            [
                new("phone", "139 1234 5678"),
                new("phone", "010-8888 6666 转 803"),
                new("phone", "010-88886666"),
                new("email", "Ann@GoogleMail.com"),
            ]
        )
            .Identifiers.ShouldBe([
                new(IdentifierKind.Mobile, "+8613912345678"),
                new(IdentifierKind.Line, "+861088886666"),
                new(IdentifierKind.Email, "ann@gmail.com"),
            ]);
        Of(
            contacts:
            [
                new("phone", "13800138000"),
                new("phone", "95588"),
                new("email", "a@a.com"),
                new("email", "ann@example.com"),
                new("wechat", "test"),
                new("wechat", "000"),
                new("idNumber", "110105194912310021"),
            ]
        )
            .Identifiers.ShouldBeEmpty();
    }

    [Fact]
    public void identity_numbers_are_used_only_where_that_is_a_purpose() =>
        MatchProfile
            .Of(
                CustomerKind.Individual,
                new(new(), null, null, [new("idNumber", "11010519491231002X")], [], null, new Dictionary<string, string>(), []),
                "CN",
                new()
            )
            .Identifiers.ShouldBeEmpty();

    [Fact]
    public void a_profile_gives_the_keys_by_which_it_is_found()
    {
        var profile = Of(
            "王小明",
            address: new("home", null, "北京", null, "朝阳", "工体北路8号"),
            contacts: [new("phone", "13912345678"), new("email", "a+b@x.cn")]
        ) with
        {
            BirthDate = "19900311",
        };
        BlockingKeys
            .Of(profile)
            .Select(k => $"{k.Kind}={k.Text}")
            .ShouldBe([
                "mobile=+8613912345678",
                "email=a@x.cn",
                "last8=12345678",
                "name-district=王小明|110105",
                "birth-surname=19900311|wang",
                "name-year=wangxiaoming|1990",
                "street-surname=工体北路8||wang",
            ]);
        BlockingKeys
            .Of(Of("腾讯有限公司", CustomerKind.Enterprise, new("office", null, "广东", "深圳", "南山")))
            .ShouldBe([new("company-district", "腾讯|440305")]);
    }

    [Fact]
    public async Task characters_are_converted_alike_by_many_callers_at_once()
    {
        var text = string.Concat(Enumerable.Range(0x4E00, 3_000).Select(c => (char)c));
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => (Han.Simplified(text), Han.Pinyin(text)))));
        all.Distinct().Count().ShouldBe(1);
        all[0].Item2.ShouldAllBe(c => char.IsAsciiLetterLower(c) || Han.IsIn(c.ToString()));
    }
}
