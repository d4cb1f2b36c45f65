using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Xrm.Data.Sql;
using Xrm.Formulas;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Schema;

/// <summary>Which computed fields tables store, and a hash of how each is computed, so that a change of a formula is noticed.</summary>
internal sealed class StoredComputations(FormulaSet formulas)
{
    private readonly Dictionary<Field, string> _hashes = [];

    /// <summary>True where the table has the field's columns.</summary>
    public bool HasColumns(Field field) => formulas.IsStored(field);

    /// <summary>Hash of the field's computation and of all that it needs; null for fields that are not computed or not stored.</summary>
    public string? Hash(Field field)
    {
        if (field.Formula is null && field.Rollup is null || !HasColumns(field)) return null;
        if (_hashes.TryGetValue(field, out var known)) return known;
        var text = new StringBuilder(field.Rollup is { } rollup ? Describe(rollup) : Describe(field.Formula!));
        foreach (var needed in Needs(field)) text.Append('\n').Append(needed).Append(' ').Append(Hash(needed));
        return _hashes[field] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    /// <summary>The fields, each behind those that it needs.</summary>
    public IReadOnlyList<Field> InOrder(IEnumerable<Field> fields)
    {
        var wanted = fields.ToHashSet();
        var order = new List<Field>();
        var seen = new HashSet<Field>();
        foreach (var field in wanted) Visit(field);
        return [.. order.Where(wanted.Contains)];

        void Visit(Field field)
        {
            if (!seen.Add(field)) return;
            foreach (var needed in Needs(field)) Visit(needed);
            order.Add(field);
        }
    }

    /// <summary>The computed fields that a computed field needs.</summary>
    public IEnumerable<Field> Needs(Field field)
    {
        var used = field.Rollup switch
        {
            null => field.Formula is { } formula ? formulas[formula].Fields : [],
            { Where: { } where } rollup => formulas[where].Fields.Concat(rollup.Reads),
            { } rollup => rollup.Reads,
        };
        return used.Where(needed => needed.Formula is not null || needed.Rollup is not null).OrderBy(needed => needed.ToString(), StringComparer.Ordinal);
    }

    private string Describe(Rollup rollup)
    {
        var text = $"{rollup.Aggregate} {rollup.Child} {rollup.Via} {rollup.Value} {rollup.Child.HasRecycleBin} {(rollup.Where is { } where ? Describe(where) : "")}";
        if (rollup.OrderBy is { } order) text += $" {order}";
        return rollup.Aggregate == Aggregate.Concat ? $"{text} {rollup.Separator} {((TextFieldType)rollup.Field.Type).MaxLength(rollup.Field.Source)}" : text;
    }

    /// <summary>The SQL and not the text of the formula: it tells of the types and of computed fields that are not stored, too.</summary>
    private string Describe(Expression formula)
    {
        var sql = new SqlBuilder();
        formulas[formula].WriteSql(new SameRowSql(sql, "r", DateTime.UnixEpoch, values: null));
        return $"{sql} {string.Join(' ', sql.Parameters.Select(parameter => string.Create(CultureInfo.InvariantCulture, $"{parameter.Value}")))}";
    }
}
