namespace Xrm.Plugins;

/// <summary>Sees a record before it is written.</summary>
public interface IBeforeSave
{
    /// <summary>Looks at the change, corrects values or refuses it.</summary>
    /// <param name="change">The change.</param>
    /// <param name="ct">Ends with the request.</param>
    /// <remarks>
    /// Runs inside the save's transaction, after the rules and before the checks, on the request's thread; be quick and
    /// call no other system. An exception rejects the save and is reported under the plugin's name.
    /// </remarks>
    Task BeforeSaveAsync(RecordChange change, CancellationToken ct);
}

/// <summary>Sees a record after it is written, before the transaction commits.</summary>
public interface IAfterSave
{
    /// <summary>Looks at the change, or refuses it.</summary>
    /// <param name="change">The change as written; values that are set now are not stored.</param>
    /// <param name="ct">Ends with the request.</param>
    /// <remarks>As for <see cref="IBeforeSave"/>. For effects outside the database use <see cref="IRecordEventHandler"/>: only it knows that the change was committed.</remarks>
    Task AfterSaveAsync(RecordChange change, CancellationToken ct);
}
