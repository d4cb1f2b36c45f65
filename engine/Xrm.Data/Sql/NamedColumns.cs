using System.Text;

namespace Xrm.Data.Sql;

/// <summary>The columns of one alias that a statement names, each once, in the order in which it names them first.</summary>
/// <param name="alias">The alias.</param>
internal sealed class NamedColumns(string alias)
{
    private readonly List<string> _columns = [];

    /// <summary>True while the same alias means another select's rows.</summary>
    public bool IsPaused { get; set; }

    public void Note(string qualifier, string column)
    {
        // A statement names few columns: looking through them costs less than a set would.
        if (!IsPaused && qualifier == alias && !_columns.Contains(column)) _columns.Add(column);
    }

    /// <summary>The columns as a select lists them.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var column in _columns)
        {
            if (text.Length > 0) text.Append(", ");
            SqlName.AppendQuoted(text, alias);
            text.Append('.');
            SqlName.AppendQuoted(text, column);
        }
        return text.ToString();
    }
}
