using System.Collections.Immutable;
using Xrm.Data.Access;
using Xrm.Data.Records;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Computes what follows from the other values: parts of composite fields, currencies, stored formulas, amounts in the base currency.</summary>
internal sealed class ComputeValues : ISaveStep
{
    public async Task RunAsync(SaveContext save, CancellationToken ct)
    {
        if (save.Operation == Operation.Delete) return;
        foreach (var field in save.Duties.Composites) await CompleteAsync(save, field, (ICompositeField)field.Type, ct);
        await SetBaseAmountsAsync(save, save.Duties.Amounts, ct);
        var formulas = save.Unit.Published.Formulas;
        foreach (var field in save.Duties.StoredFormulas)
        {
            save.Values[field.Column!.Name] = formulas[field.Formula!].Evaluate(new RecordScope(save));
            if (field.Type is ICompositeField composite) await CompleteAsync(save, field, composite, ct);
        }
        await SetBaseAmountsAsync(save, save.Duties.ComputedAmounts, ct);
    }

    private static async Task CompleteAsync(SaveContext save, Field field, ICompositeField composite, CancellationToken ct)
    {
        // The rollup statement fills all parts of such a field itself.
        if (field.Rollup is not null) return;
        if (field.Type is MoneyType && field.Source.Currency is { } path && path.Contains('.')) save.Values[field.Columns[1].Name] = await CurrencyAtAsync(save, path, ct);
        composite.Complete(field, save.Values);
        if (field.Type is MoneyType && save.Values.Get(field.Columns[0].Name) is not null && save.Values.Get(field.Columns[1].Name) is null)
            save.Values[field.Columns[1].Name] = save.Unit.Published.Model.Currencies?.Base;
    }

    // The currency of another record, such as the account's.
    private static async Task<string?> CurrencyAtAsync(SaveContext save, string written, CancellationToken ct)
    {
        var path = RecordScope.Resolve(save.Entity, written);
        if (path.IsEmpty) return null;
        var holder = await save.Unit.Related.WithAsync(() => RecordScope.Follow(save.Unit.Related, save.Values, path), ct);
        return holder is null ? null : RecordScope.Read(holder, path[^1], "") as string;
    }

    private static async Task SetBaseAmountsAsync(SaveContext save, ImmutableArray<Field> amounts, CancellationToken ct)
    {
        if (amounts.IsEmpty) return;
        var changed = amounts.Where(field => NeedsBase(save, field)).ToList();
        if (changed.Count == 0) return;
        var currencies = save.Unit.Published.Model.Currencies;
        var foreign = changed.Select(field => save.Values.Get(field.Columns[1].Name)).OfType<string>().Where(code => code != currencies?.Base).Distinct().ToList();
        var rates = currencies is null || foreign.Count == 0 ? null
            : await ExchangeRates.FindAsync(save.Unit.Records, currencies, foreign, DateOnly.FromDateTime(save.Unit.UtcNow), ct);
        foreach (var field in changed)
            save.Values[field.Columns[2].Name] = BaseAmount(save, field, currencies?.Base, rates);
    }

    // The amount keeps the rate of the day on which it was set.
    private static bool NeedsBase(SaveContext save, Field field) =>
        save.IsChanged(field.Columns[0].Name) || save.IsChanged(field.Columns[1].Name);

    private static object? BaseAmount(SaveContext save, Field field, string? home, IReadOnlyDictionary<string, decimal>? rates)
    {
        if (save.Values.Get(field.Columns[0].Name) is not decimal amount) return null;
        var currency = (string?)save.Values.Get(field.Columns[1].Name);
        if (currency is not null && currency == home) return amount;
        if (currency is null || rates is null || !rates.TryGetValue(currency, out var rate)) return null;
        return decimal.Round(amount / rate, field.Columns[2].Scale, MidpointRounding.AwayFromZero);
    }
}
