using Xrm.Data.Sql;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Server.Pipeline.Steps;

/// <summary>Values that rules and plugins set. They are checked like a client's: too long is too long.</summary>
internal static class ForeignValues
{
    /// <summary>The value as it will be stored, or what is wrong with it.</summary>
    /// <param name="field">The field.</param>
    /// <param name="column">The field's column that the value goes to.</param>
    /// <param name="value">A value in the CLR type of the column, or null.</param>
    public static ReadResult Read(Field field, Column column, object? value) =>
        value is null ? new ReadResult(null) : field.Type.Read(JsonText.Read(writer => ColumnJson.Write(writer, value, column.Type)), field, column);
}
