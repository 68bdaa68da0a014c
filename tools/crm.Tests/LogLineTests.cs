namespace CrmPlatform.Crm.Tests;

public class LogLineTests
{
    [Fact]
    public void a_line_is_read_as_a_sentence_with_its_values() =>
        LogLine
            .Readable(
                """
                { "time": "2026-11-29T10:15:02.5Z", "level": "Warning", "service": "loyalty", "logger": "x", "eventId": 201,
                  "event": "WorkWithoutDatabase", "correlationId": "c-1", "message": "{Work} could not use the database; retry in {Every}",
                  "values": { "Work": "expiry", "Every": "00:01:00" }, "error": "NpgsqlException SocketException(ConnectionRefused)" }
                """
            )
            .ShouldBe(
                "10:15:02 Warning loyalty: expiry could not use the database; retry in 00:01:00 "
                    + "· NpgsqlException SocketException(ConnectionRefused) · request c-1"
            );

    [Fact]
    public void a_value_that_may_not_be_logged_is_left_open() =>
        LogLine
            .Readable(
                """{ "level": "Information", "service": "gateway", "message": "Request: {message}, {n:000}", "values": { "n": "7" } }"""
            )
            .ShouldBe(" Information gateway: Request: …, 7");

    [Theory]
    [InlineData("loyalty: Households:MostMembers must be 2 or more")]
    [InlineData("{ no JSON")]
    [InlineData("{\"level\":7}")]
    public void what_is_no_log_line_stays_as_it_is(string line) => LogLine.Readable(line).ShouldBe(line);
}
