using Xrm.Metadata.Checking.Application;
using Xrm.Metadata.Checking.Entities;

namespace Xrm.Metadata.Checking;

/// <summary>All checks of merged packages, in the order in which their problems are reported.</summary>
internal static class Checks
{
    public static IEnumerable<Problem> All(Merged merged)
    {
        IEnumerable<IEnumerable<Problem>> all =
        [
            NameCheck.Of(merged),
            ColumnCheck.Of(merged),
            SettingsCheck.Of(merged),
            ReferenceCheck.Of(merged),
            RelationCheck.Of(merged),
            RollupCheck.Of(merged),
            RequiredLookupCheck.Of(merged),
            SingleRecordCheck.Of(merged),
            EntityCheck.Of(merged),
            SecretCheck.Of(merged),
            PrivacyCheck.Of(merged),
            RuleCheck.Of(merged),
            LifecycleCheck.Of(merged),
            DefaultCheck.Of(merged),
            ScreenCheck.Of(merged),
            WorkflowCheck.Of(merged),
            ActionCheck.Of(merged),
            ScheduleCheck.Of(merged),
            AccessCheck.Of(merged),
            CurrenciesCheck.Of(merged),
            LanguageCheck.Of(merged),
            TimeZoneCheck.Of(merged),
            TranslationCheck.Of(merged),
            StarterDataCheck.Of(merged),
            TestCheck.Of(merged),
        ];
        return all.SelectMany(problems => problems);
    }
}
