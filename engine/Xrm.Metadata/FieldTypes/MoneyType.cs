using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xrm.Metadata.Compiled;

namespace Xrm.Metadata.FieldTypes;

/// <summary>
/// An amount (<c>value</c>), its currency (<c>value_currency</c>, ISO 4217) and the amount in the base currency (<c>value_base</c>, computed at the day's rate).
/// Digits of the amount as for decimal. A rollup over plain numbers is in the <c>currency</c> that the field names, or else in the base currency.
/// </summary>
public sealed partial class MoneyType : ExactNumberType, ICompositeField
{
    /// <summary>Part of the column with the currency.</summary>
    public const string CurrencyPart = "currency";

    /// <summary>Part of the column with the amount in the base currency.</summary>
    public const string BasePart = "base";

    private const int BasePrecision = 28;
    private const int SmallestBaseScale = 4;

    /// <inheritdoc/>
    public override string Name => "money";

    /// <inheritdoc/>
    public override ImmutableArray<string> Settings => [.. base.Settings, "currency"];

    /// <inheritdoc/>
    public override ImmutableArray<Column> Columns(Source.Field field, ImmutableArray<Source.Option> options)
    {
        var amount = AmountColumn(field);
        return
        [
            amount,
            new($"{field.Name}_{CurrencyPart}", ColumnType.Text) { Part = CurrencyPart, Computed = field.Currency is not null },
            new($"{field.Name}_{BasePart}", ColumnType.Decimal) { Part = BasePart, Precision = BasePrecision, Scale = Math.Max(SmallestBaseScale, amount.Scale), Computed = true },
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<SettingProblem> CheckSettings(Source.Field field)
    {
        var problems = base.CheckSettings(field).Concat(SettingChecks.Suffixes(field, CurrencyPart, BasePart));
        return field.Currency is { } currency && !IsCode(currency) && !FieldPath().IsMatch(currency)
            ? problems.Append(new("currency", $"{currency} is neither a currency nor a field.", "Give an ISO 4217 code such as EUR, the name of a field, or a path such as company.default_currency."))
            : problems;
    }

    /// <inheritdoc/>
    public override ReadResult Read(JsonElement json, Field field, Column column)
    {
        if (column.Part != CurrencyPart) return base.Read(json, field, column);
        var (text, error) = TextValue.Read(json, "a currency");
        return text is null ? error : text.Length == 0 ? default : IsCode(text) ? new(text) : ValueErrors.Currency();
    }

    /// <summary>True for text of the shape of an ISO 4217 code, as opposed to the name of a field.</summary>
    public static bool IsCode(string currency) => currency.Length == 3 && currency.All(char.IsAsciiLetterUpper);

    /// <summary>
    /// Sets the currency where metadata fixes it or another field of the record holds it, and removes it with the amount. A currency at a path,
    /// the organisation's own, and the base amount are not this type's to find.
    /// </summary>
    public void Complete(Field field, IDictionary<string, object?> values)
    {
        var currency = field.Columns[1].Name;
        if (!values.TryGetValue(field.Name, out var amount) || amount is null) values[currency] = null;
        else if (field.Source.Currency is not { } source) return;
        else if (IsCode(source)) values[currency] = source;
        else if (values.TryGetValue(source, out var held) && held is string code) values[currency] = code;
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex FieldPath();
}
