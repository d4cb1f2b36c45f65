using System.Text.Json;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Metadata.Tests.FieldTypes;

public sealed class FieldTypeRegistryTests
{
    private const string Expected =
        "address autonumber barcode boolean children choice choices code color date datetime decimal duration email file files float icon integer json "
        + "links lookup markdown money multiline owner parent percent person_name phone rating richtext secret tags text time url uuid";

    [Fact]
    public void Every_type_of_the_format_is_registered() => Assert.Equal(Expected, string.Join(' ', FieldTypeRegistry.Default.All.Select(type => type.Name)));

    [Fact]
    public void Every_setting_that_a_type_names_is_one_of_the_format()
    {
        var known = typeof(Source.Field).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).ToHashSet();
        Assert.All(FieldTypeRegistry.Default.All, type => Assert.Subset(known, type.Settings.Concat(type.Refuses).ToHashSet()));
        Assert.Subset(known, CommonSettings.All.ToHashSet());
    }

    [Fact]
    public void Every_setting_of_the_format_is_taken_by_some_type()
    {
        var taken = FieldTypeRegistry.Default.All.SelectMany(type => type.Settings).Concat(CommonSettings.All).ToHashSet();
        Assert.All(typeof(Source.Field).GetProperties(), property => Assert.Contains(JsonNamingPolicy.CamelCase.ConvertName(property.Name), taken));
    }

    [Theory]
    [InlineData("text", "maxLength", true)]
    [InlineData("text", "unique", true)]
    [InlineData("text", "precision", false)]
    [InlineData("multiline", "unique", false)]
    [InlineData("children", "default", false)]
    [InlineData("children", "unique", false)]
    [InlineData("children", "label", true)]
    [InlineData("links", "required", true)]
    [InlineData("links", "search", false)]
    [InlineData("autonumber", "default", false)]
    [InlineData("autonumber", "unique", true)]
    [InlineData("text", "nonsense", false)]
    public void A_type_takes_the_settings_that_make_sense_for_it(string type, string setting, bool expected) =>
        Assert.Equal(expected, FieldTypeRegistry.Default.Find(type)!.Accepts(setting));
}
