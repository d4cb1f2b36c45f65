using System.Collections.Immutable;
using System.Globalization;
using Xrm.Formulas.Nodes;
using Xrm.Metadata;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Formulas;

/// <summary>
/// How large formulas become with those of the computed fields that they ask for: what is not stored is worked out wherever it is asked for, so that one
/// that asks for another twice doubles what has to be read. Each field is measured once, from the sizes of those that it asks for.
/// </summary>
internal sealed class FormulaSizes(FormulaSet formulas)
{
    /// <summary>Values that one formula may ask for: so many PostgreSQL reads without effort, and in a nesting that its stack has room for.</summary>
    public const int MostValues = 2000;

    /// <summary>Computed fields that may ask for each other one after the other without being stored.</summary>
    public const int MostLevels = 40;

    private readonly Dictionary<Field, Size> _known = [];

    /// <summary>Reports a computed field that is too large by itself; not one that asks for such a field.</summary>
    public void Check(Field field, IList<Problem> problems) => Check(Of(field), field.ToString(), field.Formula?.Location ?? field.Location, problems);

    /// <summary>Reports any other formula that is too large.</summary>
    /// <returns>Whether it is not.</returns>
    public bool Check(Formula formula, IList<Problem> problems) => Check(Measure(formula), "The formula", formula.Location, problems);

    private bool Check(Size size, string name, SourceLocation location, IList<Problem> problems)
    {
        if (!IsTooLarge(size)) return true;
        if (size.Largest is { } largest && IsTooLarge(Of(largest))) return false;
        var chain = new List<Field>();
        for (var next = size.Largest; next is not null; next = Of(next).Largest) chain.Add(next);
        var way = chain.Count == 0 ? "" : $" It asks for {string.Join(", which asks for ", chain.Take(5).Select(field => field.ToString()))}{(chain.Count > 5 ? ", and so on" : "")}.";
        var reason = size.Values > MostValues
            ? string.Create(CultureInfo.InvariantCulture, $"with the formulas of the computed fields that it asks for, it asks for {size.Values} values, more than {MostValues}")
            : string.Create(CultureInfo.InvariantCulture, $"{size.Levels} computed fields ask for one another, more than {MostLevels}");
        problems.Add(new Problem(FormulaProblems.Size, location, $"{name} becomes too large: {reason}.{way}",
            "Ask for each computed field once, and for fewer of them. Those that ask only for values of their own record are stored, and count as one value."));
        return false;
    }

    private static bool IsTooLarge(Size size) => size.Values > MostValues || size.Levels > MostLevels;

    private Size Of(Field field)
    {
        if (_known.TryGetValue(field, out var known)) return known;
        if (field.Formula is { } formula) return _known[field] = Measure(formulas[formula]);
        var measure = new Measurement(this);
        foreach (var read in field.Rollup!.Reads) measure.Read(read, read == field.Rollup.Value ? TimesWritten(field.Rollup) : 1);
        if (field.Rollup.Where is { } where) measure.Add(Measure(formulas[where]), null, 1);
        return _known[field] = measure.Sum with { Levels = measure.Sum.Levels + 1 };
    }

    private Size Measure(Formula formula)
    {
        var measure = new Measurement(this);
        formula.Write(new SqlText(measure, formulas, []) { Inlined = field => measure.Add(Of(field), field, 1) });
        return measure.Sum with { Levels = measure.Sum.Levels + 1 };
    }

    // Amounts are added up if they have one currency, and in the base currency otherwise; texts are joined where there are some.
    private static int TimesWritten(Rollup rollup) => rollup switch { { Value.Type: MoneyType } => 3, { Aggregate: Aggregate.Concat } => 2, _ => 1 };

    /// <param name="Values">Values that are read; those of records that it reaches count with the lookups on the way.</param>
    /// <param name="Levels">Computed fields one after the other, itself included.</param>
    /// <param name="Largest">The computed field that makes most of it; null where none does.</param>
    private readonly record struct Size(long Values, int Levels, Field? Largest);

    /// <summary>Counts what a formula writes.</summary>
    private sealed class Measurement(FormulaSizes sizes) : IFormulaSql
    {
        private long _most;

        public Size Sum { get; private set; }

        public FormulaUser User => FormulaUser.Nobody;

        public DateTime UtcNow => DateTime.UnixEpoch;

        public string TimeZone => sizes.Model.TimeZone;

        public void Add(Size size, Field? field, int times)
        {
            var isLargest = field is not null && size.Values > _most;
            if (isLargest) _most = size.Values;
            // Far beyond the limit the exact number says nothing any more.
            Sum = new Size(Math.Min(Sum.Values + size.Values * times, 1_000_000_000), Math.Max(Sum.Levels, size.Levels), isLargest ? field : Sum.Largest);
        }

        public void Read(Field field, int times)
        {
            if (!sizes.IsStored(field) && (field.Formula is not null || field.Rollup is not null)) Add(sizes.Of(field), field, times);
            else Add(new Size(1, 0, null), null, times);
        }

        public void Text(string constant)
        {
            // What is written between the values grows with their number.
        }

        public void Value(object? value, ColumnType type) => Add(new Size(1, 0, null), null, 1);

        public void Column(ImmutableArray<Field> path, string part)
        {
            if (path[^1].Rollup is { IsStored: false }) Read(path[^1], 1);
            Add(new Size(path.Length, 0, null), null, 1);
        }

        public void Outer(ImmutableArray<Field> path, string part) => Add(new Size(1, 0, null), null, 1);

        public void Count(ImmutableArray<Field> path) => Add(new Size(path.Length, 0, null), null, 1);
    }

    private Model Model => formulas.Model;

    private bool IsStored(Field field) => formulas.IsStored(field);
}
