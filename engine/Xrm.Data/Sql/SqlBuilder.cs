using System.Diagnostics.CodeAnalysis;
using System.Text;
using Npgsql;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Sql;

/// <summary>
/// Builds one SQL statement from constants, quoted names and parameters. There is no way to put other text into it:
/// what people write reaches the database as a parameter or not at all. Pass one builder down through the parts of a statement.
/// </summary>
public sealed class SqlBuilder
{
    private readonly StringBuilder _text = new(256);
    private readonly List<NpgsqlParameter> _parameters = [];
    private NamedColumns? _named;

    /// <summary>The parameters, in the order of their numbers.</summary>
    public IReadOnlyList<NpgsqlParameter> Parameters => _parameters;

    /// <summary>True where nothing was added yet.</summary>
    public bool IsEmpty => _text.Length == 0;

    /// <summary>Adds SQL that stands in our source code.</summary>
    public SqlBuilder Text([ConstantExpected] string constant)
    {
        _text.Append(constant);
        return this;
    }

    /// <summary>Adds one of two pieces of SQL that stand in our source code.</summary>
    public SqlBuilder Either(bool condition, [ConstantExpected] string then, [ConstantExpected] string otherwise)
    {
        _text.Append(condition ? then : otherwise);
        return this;
    }

    /// <summary>Adds a quoted identifier.</summary>
    public SqlBuilder Name(string identifier)
    {
        SqlName.AppendQuoted(_text, identifier);
        return this;
    }

    /// <summary>Adds two quoted identifiers with a dot between them: a table in its schema, or a column of an alias.</summary>
    public SqlBuilder Name(string qualifier, string identifier)
    {
        _named?.Note(qualifier, identifier);
        SqlName.AppendQuoted(_text, qualifier);
        _text.Append('.');
        SqlName.AppendQuoted(_text, identifier);
        return this;
    }

    /// <summary>
    /// Notes from here on which columns of an alias are named, so that a select further in, which brings its rows under the same alias, need
    /// not bring all columns: what is sorted there is copied.
    /// </summary>
    /// <param name="alias">The alias.</param>
    internal NamedColumns NoteColumns(string alias) => _named = new NamedColumns(alias);

    /// <summary>Adds text at a place that was left for it; only for the columns that <see cref="NoteColumns"/> noted.</summary>
    internal void Fill(int place, NamedColumns columns) => _text.Insert(place, columns.ToString());

    /// <summary>The place where the next text comes.</summary>
    internal int Place => _text.Length;

    /// <summary>Adds a whole number that the engine chose itself, such as a limit that must be part of the plan.</summary>
    public SqlBuilder Number(long number)
    {
        _text.Append(number);
        return this;
    }

    /// <summary>Adds a parameter (<c>$n</c>) that carries the value; null becomes SQL null of the column's type.</summary>
    /// <exception cref="InvalidCastException">The value is not of the CLR type of <paramref name="type"/> and cannot become it without loss.</exception>
    public SqlBuilder Value(object? value, ColumnType type) => Parameter(ColumnCodec.Parameter(value, type));

    /// <summary>Adds a parameter (<c>$n</c>) that carries many values as one array, for <c>= any(…)</c> and <c>unnest(…)</c>. Not for list types.</summary>
    /// <exception cref="InvalidCastException">A value is not of the CLR type of <paramref name="type"/>.</exception>
    public SqlBuilder Values(IReadOnlyCollection<object?> values, ColumnType type) => Parameter(ColumnCodec.ArrayParameter(values, type));

    /// <summary>The command; its parameters are positional.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">The transaction that the command belongs to; null outside one.</param>
    public NpgsqlCommand ToCommand(NpgsqlConnection connection, NpgsqlTransaction? transaction = null)
    {
        var command = new NpgsqlCommand(_text.ToString(), connection, transaction);
        foreach (var parameter in _parameters) command.Parameters.Add(parameter);
        return command;
    }

    /// <summary>The statement as one part of a batch, so that several statements take one round trip.</summary>
    public NpgsqlBatchCommand ToBatchCommand()
    {
        var command = new NpgsqlBatchCommand(_text.ToString());
        foreach (var parameter in _parameters) command.Parameters.Add(parameter);
        return command;
    }

    /// <summary>The SQL text with <c>$n</c> in place of values.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Adds text that comes from the compiler of formulas or from a schema plan, both of which build it from constants and quoted names alone.</summary>
    internal SqlBuilder Trusted(string text)
    {
        _text.Append(text);
        return this;
    }

    private SqlBuilder Parameter(NpgsqlParameter parameter)
    {
        _parameters.Add(parameter);
        _text.Append('$').Append(_parameters.Count);
        return this;
    }
}
