using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Xrm.Metadata.FieldTypes;

/// <summary>The field types of the engine, found by name.</summary>
public sealed class FieldTypeRegistry(IEnumerable<FieldType> types)
{
    private readonly FrozenDictionary<string, FieldType> _byName = types.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The types that come with the engine.</summary>
    public static FieldTypeRegistry Default { get; } = new(
    [
        new TextType(), new MultilineType(), new RichTextType(), new EmailType(), new PhoneType(), new UrlType(), new ColorType(), new BarcodeType(), new SecretType(),
        new IntegerType(), new DecimalType(), new MoneyType(), new PercentType(), new FloatType(), new RatingType(), new DurationType(),
        new DateType(), new DateTimeType(), new TimeType(),
        new BooleanType(), new ChoiceType(), new ChoicesType(), new TagsType(),
        new LookupType(), new OwnerType(), new LinksType(), new ParentType(), new ChildrenType(),
        new PersonNameType(), new AddressType(),
        new FileType(), new FilesType(), new JsonType(),
        new AutoNumberType(), new UuidType(), new CodeType(), new MarkdownType(), new IconType(),
    ]);

    /// <summary>All types, by name.</summary>
    public ImmutableArray<FieldType> All => [.. _byName.Values.OrderBy(type => type.Name, StringComparer.Ordinal)];

    /// <summary>The type of that name; null where there is none.</summary>
    public FieldType? Find(string name) => _byName.GetValueOrDefault(name);
}
