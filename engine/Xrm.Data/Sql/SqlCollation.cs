namespace Xrm.Data.Sql;

/// <summary>Collations of texts. Columns compare by code points; what is sorted for people is sorted by <see cref="Words"/>.</summary>
internal static class SqlCollation
{
    /// <summary>
    /// The rules of languages (Unicode's root collation) for upper and lower case and for order, with a space before it. Two texts are
    /// equal under it only where they are the same, so that an index in this order serves equality, too.
    /// </summary>
    public const string Words = " collate \"und-x-icu\"";
}
