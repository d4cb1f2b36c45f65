using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Xrm.Data.Catalogue;
using Xrm.Server.Hosting;
using Xrm.Server.Security.Protection;
using Xrm.Server.Security.Providers;

namespace Xrm.Server.Security;

/// <summary>Brings records of users up to date with the accounts, so that owners and authors are people with names.</summary>
internal delegate Task UserRecords(CancellationToken ct);

/// <summary>Composition of all that recognises people.</summary>
internal static class IdentityServices
{
    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.AddSingleton(provider => IdentitySettings.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => Limits.Sessions(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => Limits.OneTimePasswords(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<OrganisationStore>().AddSingleton<MemberStore>().AddSingleton<UserStore>().AddSingleton<AccountStore>().AddSingleton<SessionStore>().AddSingleton<TokenStore>().AddSingleton<TicketStore>();
        services.AddSingleton<ProtectionKeyStore>().AddSingleton<MasterKeys>().AddSingleton<SecretProtection>().AddSingleton<AuthenticatorKeys>();
        services.AddSingleton<AuthenticatorStore>().AddSingleton<PasskeyStore>();
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>().AddSingleton<CommonPasswords>().AddSingleton<UnknownNames>().AddSingleton<Passwords>();
        services.AddSingleton<CredentialEpoch>().AddSingleton<CredentialCache>().AddSingleton<EntryOrganisation>().AddSingleton<Sessions>().AddSingleton<Tickets>().AddSingleton<AccessTokens>();
        services.AddSingleton<SecondStepRules>().AddSingleton<SecondFactor>().AddSingleton<SignIn>();
        services.AddSingleton<PublicAddress>().AddSingleton<AccountMails>().AddSingleton<AccountLinks>().AddSingleton<AccountNotices>().AddSingleton<CredentialNotes>().AddSingleton<PasswordEntry>();
        services.AddSingleton(provider => ProviderSettings.Read(provider.GetRequiredService<IConfiguration>())).AddSingleton<ExternalIdentityStore>();
        services.AddSingleton<ProviderHttp>().AddSingleton<ProviderDocuments>().AddSingleton<IdTokens>().AddSingleton<ProviderSignIn>().AddSingleton<ProviderAccounts>();
        services.AddSingleton<ProviderInvitations>().AddSingleton<ProviderNotes>().AddSingleton<ProviderEntry>();
        // One manager for all: neither it nor the store keeps anything. Data protection, which it can do without, would read key files at each start.
        services.AddSingleton<IUserStore<User>, IdentityStore>().AddSingleton<ILookupNormalizer, UpperInvariantLookupNormalizer>().AddSingleton<IdentityErrorDescriber>().AddSingleton<UserManager<User>>();
        services.AddSingleton<IPasskeyHandler<User>, PasskeyHandler<User>>().AddSingleton<Passkeys>();
        services.AddSingleton<IConfigureOptions<IdentityPasskeyOptions>>(provider => new ConfigureOptions<IdentityPasskeyOptions>(options =>
        {
            // A passkey stands for two factors: the device, and the PIN, finger or face that unlocks it.
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
            options.AuthenticatorTimeout = Passkeys.ChallengeLength;
            var address = provider.GetRequiredService<PublicAddress>();
            options.ServerDomain = address.Domain;
            options.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && address.IsOwn(context.Origin, context.HttpContext));
        }));
        return services;
    }
}
