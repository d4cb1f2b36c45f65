namespace Xrm.Data.Auditing;

/// <summary>What an entry of the audit tells of, besides what happens to records: <c>create</c>, <c>update</c>, <c>delete</c> and <c>restore</c>.</summary>
public static class AuditOperations
{
    /// <summary>Somebody signed in. Details: <c>provider</c>, where it was by one.</summary>
    public const string SignIn = "sign_in";

    /// <summary>A sign-in was refused.</summary>
    public const string SignInFailed = "sign_in_failed";

    /// <summary>A sign-in was refused because of too many wrong passwords before.</summary>
    public const string SignInLocked = "sign_in_locked";

    /// <summary>Somebody signed out.</summary>
    public const string SignOut = "sign_out";

    /// <summary>Somebody changed their password, or an administrator that of the <c>user</c> in the details.</summary>
    public const string PasswordChanged = "password_changed";

    /// <summary>Somebody linked an account of an OpenID Connect provider, by which they sign in from now on. Details: <c>provider</c>.</summary>
    public const string IdentityLinked = "identity_linked";

    /// <summary>Somebody removed such a link. Details: <c>issuer</c>.</summary>
    public const string IdentityUnlinked = "identity_unlinked";

    /// <summary>Somebody has an access token more. Details: <c>user</c> (whose it is, where somebody else made it), <c>token</c>, <c>name</c>, <c>scopes</c> (missing for no limit), <c>expiresAt</c> (missing for never).</summary>
    public const string TokenMade = "token_made";

    /// <summary>An access token opens nothing any more. Details as of <see cref="TokenMade"/>.</summary>
    public const string TokenRevoked = "token_revoked";

    /// <summary>Somebody set up an authenticator, which is asked for from now on.</summary>
    public const string SecondFactorAdded = "second_factor_added";

    /// <summary>Somebody removed their authenticator, or an administrator all second factors of the <c>user</c> in the details, which has then <c>authenticator</c> and the number of <c>passkeys</c>, too.</summary>
    public const string SecondFactorRemoved = "second_factor_removed";

    /// <summary>Somebody made new recovery codes; those before are void.</summary>
    public const string RecoveryCodesRenewed = "recovery_codes_renewed";

    /// <summary>Somebody signed in with a recovery code. Details: <c>left</c>, how many there still are.</summary>
    public const string RecoveryCodeUsed = "recovery_code_used";

    /// <summary>Somebody registered a passkey. Details: <c>name</c>.</summary>
    public const string PasskeyAdded = "passkey_added";

    /// <summary>Somebody named a passkey otherwise. Details: <c>before</c>, <c>after</c>.</summary>
    public const string PasskeyRenamed = "passkey_renamed";

    /// <summary>Somebody removed a passkey. Details: <c>name</c>.</summary>
    public const string PasskeyRemoved = "passkey_removed";

    /// <summary>Sessions were ended otherwise than by signing out. Details: <c>user</c> (whose, where an administrator did it) and <c>sessions</c>, how many; of a single one <c>browser</c>, <c>address</c> and <c>since</c>, too.</summary>
    public const string SessionsEnded = "sessions_ended";

    /// <summary>A user is new, has other roles, or may sign in or administer or not any more. Details: <c>user</c>; <c>before</c> (null for a new one) and <c>after</c> with <c>roles</c>, <c>isAdministrator</c>, <c>isActive</c> and <c>isInstallationAdministrator</c>.</summary>
    public const string RolesChanged = "roles_changed";

    /// <summary>A record is shared with somebody, otherwise than before, or not any more. Details: <c>record</c>, <c>principal</c>, <c>kind</c>, <c>before</c> and <c>after</c> (rights; empty for none).</summary>
    public const string Shared = "shared";

    /// <summary>An administrator began to see the application as others. Details: <c>roles</c> (empty for those of the user), <c>user</c> (null for the administrator's own place).</summary>
    public const string PreviewStarted = "preview_started";

    /// <summary>An administrator ended a preview.</summary>
    public const string PreviewEnded = "preview_ended";

    /// <summary>Packages came into force. Details: <c>version</c>, <c>packages</c>, <c>roles</c> (files of roles that changed), <c>changes</c>.</summary>
    public const string Publish = "publish";

    /// <summary>Records were exported. Details: <c>format</c>, <c>query</c>, <c>rows</c> (null where the export was broken off).</summary>
    public const string Export = "export";

    /// <summary>Records were imported; commits with them. Details: <c>format</c>, <c>import</c> (its id, which stands in the history of each record), <c>rows</c>, <c>created</c>, <c>refused</c>.</summary>
    public const string Import = "import";

    /// <summary>Somebody looked at a secret. Details: <c>record</c>, <c>field</c>; never the secret.</summary>
    public const string SecretRead = "secret_read";

    /// <summary>All that is kept about a person was exported. Details: <c>record</c>, <c>records</c>, <c>files</c>.</summary>
    public const string PersonExport = "person_export";

    /// <summary>A person was erased. Details: <c>record</c>, <c>anonymised</c>, <c>deleted</c>, <c>kept</c>, <c>records</c> (those whose values were taken out of the audit).</summary>
    public const string Erasure = "erasure";

    /// <summary>Keys were replaced. Details: <c>masters</c>, how many keys were encrypted by a new master key.</summary>
    public const string KeysRotated = "keys_rotated";

    /// <summary>An organisation was made, changed, suspended, resumed or deleted, or its deletion taken back. Details: <c>organisation</c>, <c>action</c>.</summary>
    public const string OrganisationChanged = "organisation_changed";

    /// <summary>Somebody has joined this organisation or left it, or administers it or not any more. Details: <c>user</c>; <c>before</c> and <c>after</c>, null for who is no member.</summary>
    public const string MemberChanged = "member_changed";

    /// <summary>Entries of an entity went after their time. Details: <c>before</c>, UTC.</summary>
    public const string Retention = "retention";
}
