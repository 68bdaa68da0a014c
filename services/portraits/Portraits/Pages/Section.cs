using System.Globalization;
using CrmPlatform.Portraits.Portraits;

namespace CrmPlatform.Portraits.Pages;

/// <summary>One line of the page.</summary>
/// <param name="Source">The event that the value comes from.</param>
/// <param name="At">When that happened.</param>
/// <param name="Bar">Percent, drawn below the value.</param>
public sealed record Row(string Label, string Value, Guid? Source = null, DateTimeOffset? At = null, decimal? Bar = null);

/// <summary>One box of the page: what is known, or the sentence that nothing is.</summary>
/// <param name="Note">What the numbers mean.</param>
public sealed record Section(string Title, IReadOnlyList<Row> Rows, string Empty, string? Note = null)
{
    /// <param name="w">In which language.</param>
    /// <param name="day">An instant in the business's own time.</param>
    public static IReadOnlyList<Section> Of(Portrait p, Words w, Func<DateTimeOffset?, string> day) =>
        [Basics(p, w, day), Behaviour(p, w, day), Categories(p, w), Value(p, w), Service(p, w), Loyalty(p, w)];

    static Section Basics(Portrait p, Words w, Func<DateTimeOffset?, string> day)
    {
        var b = p.Basics;
        var rows = new Known();
        if (p.Kind == "enterprise")
        {
            rows.Add(w.T("Industry", "行业"), b.Industry);
            rows.Add(w.T("Company size", "企业规模"), b.CompanySize);
        }
        else
        {
            rows.Add(w.T("Gender", "性别"), b.Gender, w.Of);
            rows.Add(w.T("Age", "年龄段"), b.AgeBand, age => w.T(age, $"{age} 岁"));
            rows.Add(w.T("Income", "收入段"), b.IncomeBand);
            rows.Add(w.T("Household", "家庭人数"), b.HouseholdSize, size => w.T(size == 1 ? "1 person" : $"{size} people", $"{size} 人"));
        }
        rows.Add(w.T("Language", "语言"), b.Language, w.Of);
        rows.Add(w.T("Place", "所在地"), b.City ?? b.Province, _ => Place(b));
        foreach (var contact in b.Contacts ?? [])
            rows.Add(Capital(w.Of(contact.Kind)), contact.Value);
        foreach (var person in b.ContactPersons ?? [])
            rows.Add(
                w.T("Contact person", "联系人"),
                string.Join(w.T(", ", "，"), new[] { person.Name, w.Of(person.Role), person.Phone, person.Email }.OfType<string>())
            );
        rows.Add(w.T("Interests", "兴趣"), string.Join(w.T(", ", "、"), b.Psychographics?.Interests ?? []));
        rows.Add(w.T("Tags", "标签"), string.Join(w.T(", ", "、"), b.Tags?.Select(tag => tag.Tag) ?? []));
        foreach (var (about, given) in b.Consents)
            rows.Add(
                string.Join(w.T(" by ", "·"), about.Split('/').Select(w.Of)),
                given,
                yes => yes ? w.T("agreed", "已同意") : w.T("refused", "已拒绝")
            );
        rows.Add(w.T("Known since", "建档时间"), day(b.RegisteredAt));
        return new(
            w.T("Basics", "基本信息"),
            rows.All,
            p.Forgotten
                ? w.T("Everything that named this customer was deleted.", "可识别该客户的信息已全部删除。")
                : w.T("Nothing is known yet.", "暂无信息。")
        );

        static string Place(Portrait.BasicsPart b) =>
            string.Join(" ", new[] { b.Province?.Value, b.City?.Value }.OfType<string>().Distinct());
    }

    static Section Behaviour(Portrait p, Words w, Func<DateTimeOffset?, string> day)
    {
        var h = p.Behaviour;
        var rows = new Known();
        rows.Add(w.T("Purchases", "购买次数"), h.NetOrders, Number, h.Purchases);
        rows.Add(w.T("Net revenue", "净收入"), h.NetRevenue, Money);
        rows.Add(w.T("Average order", "客单价"), h.AverageOrder is { } average ? Money(average) : null);
        rows.Add(w.T("First purchase", "首次购买"), day(h.FirstPurchase?.Value));
        rows.Add(w.T("Last purchase", "最近购买"), day(h.LastPurchase?.Value));
        rows.Add(w.T("Page views", "浏览次数"), h.PageViews, Number);
        rows.Add(w.T("Interactions", "互动次数"), h.Interactions, Number);
        rows.Add(w.T("Best hour to call", "最佳联系时段"), h.BestContactHour is { } hour ? $"{hour:00}:00–{(hour + 1) % 24:00}:00" : null);
        return new(w.T("Behaviour", "行为"), rows.All, w.T("Nothing bought or looked at yet.", "暂无购买或浏览。"));

        string Money(decimal value) => $"{value.ToString("N2", CultureInfo.InvariantCulture)} {h.Currency}";
    }

    static Section Categories(Portrait p, Words w)
    {
        var rows = new Known();
        foreach (var share in p.Behaviour.Categories.Where(c => c.Percent > 0).Take(8))
            rows.Add(share.Name == "–" ? w.T("no category", "未分类") : share.Name, $"{share.Percent:0.00} %", bar: share.Percent);
        return new(
            w.T("What they buy", "购买偏好"),
            rows.All,
            w.T("Nothing bought yet.", "暂无购买。"),
            w.T("Share of what was paid, after returns.", "占实付金额的比例，已扣除退货。")
        );
    }

    static Section Value(Portrait p, Words w)
    {
        var (v, rows, rfm) = (p.Value, new Known(), p.Value.Rfm);
        if (rfm is not null)
        {
            Score(w.T("Recency (R)", "近度（R）"), rfm.Value.Recency);
            Score(w.T("Frequency (F)", "频度（F）"), rfm.Value.Frequency);
            Score(w.T("Monetary (M)", "额度（M）"), rfm.Value.Monetary);
        }
        rows.Add(w.T("Segment", "分层"), rfm, r => w.Of(r.Segment));
        rows.Add(w.T("Type", "八类型"), rfm, r => Capital(w.Of(r.ChineseType)));
        rows.Add(w.T("ABC class", "ABC 等级"), v.Abc);
        rows.Add(w.T("Lifecycle", "生命周期"), v.Lifecycle, w.Of);
        return new(
            w.T("Value", "价值"),
            rows.All,
            w.T("Not scored yet.", "尚未评分。"),
            rfm is null
                ? null
                : w.T(
                    $"Scores of {rfm.Value.AsOf:yyyy-MM-dd}, from 1 to 5 beside all customers: 5 bought most lately, most often, or most."
                        + (v.Abc is null ? "" : " ABC: A are the few who bring most of the revenue."),
                    $"{rfm.Value.AsOf:yyyy-MM-dd} 的评分，在全部客户中从 1 到 5：5 表示最近购买、购买最多次或金额最高。"
                        + (v.Abc is null ? "" : "ABC：A 为贡献大部分收入的少数客户。")
                )
        );

        void Score(string label, int score) => rows.Add(label, w.T($"{score} of 5", $"{score} / 5"), rfm.Source, rfm.At, bar: score * 20);
    }

    static Section Service(Portrait p, Words w)
    {
        var (s, rows) = (p.Service, new Known());
        rows.Add(w.T("Tickets", "工单"), s.Tickets, Number);
        if (s.Tickets is not null)
            rows.Add(w.T("Open", "处理中"), Number(s.OpenTickets));
        rows.Add(w.T("Missed promises", "超时次数"), s.Breaches, Number);
        rows.Add(
            w.T("Satisfaction", "满意度"),
            s.LastSatisfaction,
            _ =>
                w.T($"{Mean()} of 5, ", $"{Mean()} / 5，")
                + w.T(s.SatisfactionAnswers == 1 ? "1 answer" : $"{s.SatisfactionAnswers} answers", $"{s.SatisfactionAnswers} 次评价")
        );
        return new(w.T("Service", "服务"), rows.All, w.T("No tickets.", "暂无工单。"));

        string Mean() => s.MeanSatisfaction?.ToString("0.0#", CultureInfo.InvariantCulture) ?? "";
    }

    static Section Loyalty(Portrait p, Words w)
    {
        var (l, rows) = (p.Loyalty, new Known());
        rows.Add(w.T("Tier", "会员等级"), l.Tier, w.Of);
        rows.Add(w.T("Points", "积分余额"), l.Points, points => points.ToString("N0", CultureInfo.InvariantCulture));
        if (l.PointsEarned > 0)
            rows.Add(w.T("Earned in total", "累计积分"), l.PointsEarned.ToString("N0", CultureInfo.InvariantCulture));
        return new(w.T("Loyalty", "忠诚度"), rows.All, w.T("No points account.", "暂无积分账户。"));
    }

    static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    static string Capital(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];

    /// <summary>Only what is known becomes a row.</summary>
    sealed class Known
    {
        readonly List<Row> all = [];

        public IReadOnlyList<Row> All => all;

        public void Add(string label, string? value, Guid? source = null, DateTimeOffset? at = null, decimal? bar = null)
        {
            if (!string.IsNullOrWhiteSpace(value))
                all.Add(new(label, value, source, at, bar));
        }

        public void Add(string label, Sourced<string>? value) => Add(label, value, text => text);

        public void Add<T>(string label, Sourced<T>? value, Func<T, string> show) => Add(label, value, show, value);

        /// <param name="because">What changed it last, where that is another value's event.</param>
        public void Add<T>(string label, Sourced<T>? value, Func<T, string> show, Sourced<T>? because)
        {
            if (value is not null)
                Add(label, show(value.Value), because?.Source, because?.At);
        }
    }
}
