using System.Data;
using Dapper;

namespace CrmPlatform.ServiceDefaults;

/// <summary>
/// Configures how Dapper maps rows: instants as DateTimeOffset in UTC, days as DateOnly (the driver's own types would be DateTime), columns
/// in snake_case.
/// </summary>
public static class Rows
{
    public static void Configure()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new Instants());
        SqlMapper.AddTypeHandler(new Days());
    }

    sealed class Instants : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) =>
            value is DateTimeOffset instant ? instant : new((DateTime)value, TimeSpan.Zero);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.ToUniversalTime();
    }

    sealed class Days : SqlMapper.TypeHandler<DateOnly>
    {
        public override DateOnly Parse(object value) => value is DateOnly day ? day : DateOnly.FromDateTime((DateTime)value);

        public override void SetValue(IDbDataParameter parameter, DateOnly value) => parameter.Value = value;
    }
}
