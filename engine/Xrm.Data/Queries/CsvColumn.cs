using System.Collections.Immutable;
using Xrm.Metadata.Compiled;
using Xrm.Metadata.FieldTypes;

namespace Xrm.Data.Queries;

/// <summary>One column of an export.</summary>
/// <param name="Path">Name of the property; behind slashes one of a related record (<c>account/name</c>).</param>
/// <param name="Fields">The fields that the path leads through, the one with the value last; empty for computed values.</param>
/// <param name="Type">Type of the value.</param>
/// <param name="Ordinal">Where the value stands in the statement's rows.</param>
public sealed record CsvColumn(string Path, ImmutableArray<Field> Fields, ColumnType Type, int Ordinal);
