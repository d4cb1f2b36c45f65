using Xrm.Metadata.FieldTypes;

namespace Xrm.Metadata.Tests.FieldTypes;

public sealed class TextTypesTests
{
    [Theory]
    [InlineData("text", "\" Ada \"", " Ada ")]
    [InlineData("text", "\"\"", null)]
    [InlineData("text", "\"  \\t\"", null)]
    [InlineData("text", "\"\\ud83d\\ude00\"", "😀")]
    [InlineData("multiline", "\"a\\nb\"", "a\nb")]
    [InlineData("code", "\"  if (x)\\n\\ty()\"", "  if (x)\n\ty()")]
    [InlineData("markdown", "\"# <b>x</b>\"", "# <b>x</b>")]
    [InlineData("barcode", "\" 4006381333931 \"", "4006381333931")]
    [InlineData("email", "\" Ada.L+x@mail.example.com \"", "Ada.L+x@mail.example.com")]
    [InlineData("email", "\"o'neil@localhost\"", "o'neil@localhost")]
    [InlineData("email", "\"jürgen@bücher.de\"", "jürgen@bücher.de")]
    [InlineData("phone", "\"+49 (0)30 123-456.7/8\"", "+49 (0)30 123-456.7/8")]
    [InlineData("phone", "\"555-0178 ext. 12\"", "555-0178 ext. 12")]
    [InlineData("phone", "\"112\"", "112")]
    [InlineData("url", "\"https://example.com/a?b=c#d\"", "https://example.com/a?b=c#d")]
    [InlineData("url", "\"HTTP://example.com\"", "HTTP://example.com")]
    [InlineData("url", "\"mailto:ada@example.com\"", "mailto:ada@example.com")]
    [InlineData("url", "\"tel:+49301234\"", "tel:+49301234")]
    [InlineData("color", "\"#1C7ED6\"", "#1c7ed6")]
    [InlineData("icon", "\"file-text\"", "file-text")]
    public void Text_is_read_in_its_stored_form(string type, string json, string? expected)
    {
        var result = AField.With($"\"type\": \"{type}\"").Read(json);
        Assert.Null(result.Code);
        Assert.Equal(expected, result.Value);
    }

    [Theory]
    [InlineData("text", "5", "wrong_type")]
    [InlineData("text", "[\"a\"]", "wrong_type")]
    [InlineData("text", "\"a\\u0000b\"", "invalid_text")]
    [InlineData("text", "\"a\\ud800b\"", "invalid_text")]
    [InlineData("text", "\"\\ude00\\ud83d\"", "invalid_text")]
    [InlineData("text", "\"a\\nb\"", "line_break")]
    [InlineData("text", "\"a\\u2028b\"", "line_break")]
    [InlineData("email", "\"ada\"", "invalid_email")]
    [InlineData("email", "\"ada@\"", "invalid_email")]
    [InlineData("email", "\"ada@@example.com\"", "invalid_email")]
    [InlineData("email", "\"a..b@example.com\"", "invalid_email")]
    [InlineData("email", "\"a.@example.com\"", "invalid_email")]
    [InlineData("email", "\"a b@example.com\"", "invalid_email")]
    [InlineData("email", "\"a@example.com, b@example.com\"", "invalid_email")]
    [InlineData("email", "\"a@-example.com\"", "invalid_email")]
    [InlineData("email", "\"a@example.com\\nbcc: b@example.com\"", "line_break")]
    [InlineData("phone", "\"call me\"", "invalid_phone")]
    [InlineData("phone", "\"+\"", "invalid_phone")]
    [InlineData("phone", "\"12<script>\"", "invalid_phone")]
    [InlineData("url", "\"javascript:alert(1)\"", "url_scheme_not_allowed")]
    [InlineData("url", "\"JaVaScRiPt:alert(1)\"", "url_scheme_not_allowed")]
    [InlineData("url", "\"java\\tscript:alert(1)\"", "invalid_url")]
    [InlineData("url", "\"\\u0001javascript:alert(1)\"", "invalid_url")]
    [InlineData("url", "\"data:text/html,x\"", "url_scheme_not_allowed")]
    [InlineData("url", "\"ftp://example.com\"", "url_scheme_not_allowed")]
    [InlineData("url", "\"/etc/passwd\"", "invalid_url")]
    [InlineData("url", "\"www.example.com\"", "invalid_url")]
    [InlineData("url", "\"http:example.com\"", "invalid_url")]
    [InlineData("url", "\"https://\"", "invalid_url")]
    [InlineData("color", "\"red\"", "invalid_color")]
    [InlineData("color", "\"#12345g\"", "invalid_color")]
    [InlineData("color", "\"1234567\"", "invalid_color")]
    [InlineData("icon", "\"File Text\"", "invalid_icon")]
    [InlineData("icon", "\"-x\"", "invalid_icon")]
    public void Text_is_refused_when_it_is_not_what_the_type_says(string type, string json, string code)
    {
        var result = AField.With($"\"type\": \"{type}\"").Read(json);
        Assert.Equal(code, result.Code);
        Assert.False(string.IsNullOrEmpty(result.Message));
    }

    [Theory]
    [InlineData("text", "\"maxLength\": 3", "abc", "abcd")]
    [InlineData("text", "\"maxLength\": 2", "😀😀", "😀😀😀")]
    [InlineData("text", "\"pattern\": \"[A-Z]{2}|[0-9]+\"", "AB", "xAB")]
    [InlineData("text", "\"pattern\": \"[A-Z]{2}|[0-9]+\"", "123", "123x")]
    public void Text_obeys_the_settings_of_its_field(string type, string settings, string good, string bad)
    {
        var field = AField.With($"\"type\": \"{type}\", {settings}");
        Assert.True(field.Read($"\"{good}\"").Ok);
        Assert.False(field.Read($"\"{bad}\"").Ok);
    }

    [Theory]
    [InlineData("text", 500)]
    [InlineData("multiline", 100_000)]
    [InlineData("richtext", 100_000)]
    [InlineData("phone", 50)]
    [InlineData("url", 2_000)]
    public void Text_has_a_limit_when_its_field_says_none(string type, int limit)
    {
        var result = AField.With($"\"type\": \"{type}\"").Read($"\"{new string('1', limit + 1)}\"");
        Assert.Equal("too_long", result.Code);
        Assert.Contains($"{limit}", result.Message!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_explodes_elsewhere_is_matched_in_linear_time()
    {
        var field = AField.With("\"type\": \"text\", \"maxLength\": 4000, \"pattern\": \"(a+)+b\"");
        Assert.Equal("pattern_mismatch", field.Read($"\"{new string('a', 4000)}\"").Code);
    }

    [Theory]
    [InlineData("<p>Hello <b>you</b></p>", "<p>Hello <b>you</b></p>")]
    [InlineData("<p onclick=\\\"x()\\\">a</p><script>alert(1)</script>", "<p>a</p>")]
    [InlineData("<a href=\\\"javascript:alert(1)\\\">a</a>", "<a>a</a>")]
    [InlineData("<iframe src=\\\"https://example.com\\\"></iframe>", null)]
    [InlineData("<form action=\\\"https://example.com\\\"><input name=\\\"password\\\"></form>", null)]
    [InlineData("<div style=\\\"position: fixed; color: red\\\">a</div>", "<div style=\"color: rgba(255, 0, 0, 1)\">a</div>")]
    public void Rich_text_is_made_harmless(string html, string? expected)
    {
        var result = AField.With("\"type\": \"richtext\"").Read($"\"{html}\"");
        Assert.True(result.Ok);
        Assert.Equal(expected, result.Value);
    }

    [Theory]
    [InlineData("\"type\": \"text\", \"maxLength\": 0", "maxLength")]
    [InlineData("\"type\": \"text\", \"maxLength\": 4001", "maxLength")]
    [InlineData("\"type\": \"text\", \"maxLength\": 601, \"unique\": true", "maxLength")]
    [InlineData("\"type\": \"text\", \"pattern\": \"[\"", "pattern")]
    [InlineData("\"type\": \"text\", \"pattern\": \"(?=a)a\"", "pattern")]
    [InlineData("\"type\": \"text\", \"pattern\": \"(a)\\\\1\"", "pattern")]
    public void A_wrong_setting_of_a_text_is_named_with_a_remedy(string settings, string setting)
    {
        var field = AField.Settings(settings);
        var problem = Assert.Single(FieldTypeRegistry.Default.Find(field.Type)!.CheckSettings(field));
        Assert.Equal(setting, problem.Setting);
        Assert.NotEmpty(problem.Remedy);
    }
}
