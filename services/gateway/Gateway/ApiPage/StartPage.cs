using System.Net.Mime;
using System.Text;

namespace CrmPlatform.Gateway.ApiPage;

/// <summary>The page at /: where everything else is. Anonymous: it holds no data.</summary>
public static class StartPage
{
    const string Text = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>CrmPlatform</title>
        <style>body{font:16px sans-serif;max-width:34em;margin:8vh auto;padding:0 1em;line-height:1.5}dt{margin-top:.8em}</style>
        <h1>CrmPlatform</h1>
        <dl>
        <dt><a href="/docs">/docs</a></dt><dd>The API of all rooms, to read and to try out · 全部接口，可在线试用</dd>
        <dt><a href="/openapi/v1.json">/openapi/v1.json</a></dt><dd>Its OpenAPI document · OpenAPI 文档</dd>
        <dt><a href="/sign-in">/sign-in</a></dt><dd>For people, before a customer's page /portraits/{id} · 登录后查看客户画像</dd>
        <dt>POST /connect/token</dt><dd>A token for a client · 客户端令牌
        (<a href="/.well-known/openid-configuration">discovery</a>)</dd>
        <dt><a href="/health/ready">/health/ready</a></dt><dd>Whether the gateway serves · 网关状态</dd>
        </dl></html>
        """;

    public static void Map(WebApplication app) =>
        app.MapGet("/", () => Results.Text(Text, MediaTypeNames.Text.Html, Encoding.UTF8)).AllowAnonymous().ExcludeFromDescription();
}
