import { useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { myOrganisationsQuery } from '@/api/organisations';
import { useTexts, type TextKey } from '@/lib/i18n/text';
import { administrationPath, ruleBuilderPath, scriptPath, type AdministrationSection } from '@/lib/paths';

/** A page for administrators. */
export interface AdministrationPage {
  path: string;
  icon: string;
  label: string;
  /** Its address is the beginning of that of another page. */
  end: boolean;
}

const sections: { section: AdministrationSection; icon: string; label: TextKey }[] = [
  { section: 'users', icon: 'users', label: 'identity.users' },
  { section: 'roles', icon: 'shield', label: 'roles.title' },
  { section: 'units', icon: 'hierarchy-2', label: 'units.title' },
  { section: 'mails', icon: 'mail', label: 'admin.mails' },
  { section: 'deliveries', icon: 'transfer', label: 'admin.deliveries' },
  { section: 'workflow-runs', icon: 'route', label: 'admin.runs' },
];

const ofInstallation: typeof sections = [{ section: 'organisations', icon: 'building', label: 'organisation.organisations' }];

const others: { path: string; icon: string; label: TextKey; end?: boolean }[] = [
  { path: administrationPath('rules'), icon: 'gauge', label: 'admin.rules', end: true },
  { path: ruleBuilderPath(), icon: 'list-check', label: 'rule.builder' },
  { path: scriptPath(), icon: 'code', label: 'scripts.all' },
  { path: administrationPath('package-tests'), icon: 'checklist', label: 'admin.tests' },
  { path: administrationPath('uses'), icon: 'hierarchy', label: 'admin.uses' },
  { path: administrationPath('audit'), icon: 'history', label: 'audit.title' },
  { path: administrationPath('personal-data'), icon: 'shield-check', label: 'privacy.inventory' },
];

/** The pages for administrators, in order; not asked whether the person is one. */
export function useAdministrationPages(): AdministrationPage[] {
  const t = useTexts();
  const model = useModel();
  const isOfInstallation = useQuery(myOrganisationsQuery(useApi())).data?.administersInstallation ?? false;
  // Units are records of the model, which need not have them.
  const shown = [...sections.filter(({ section }) => section !== 'units' || model.entity('business_unit')), ...(isOfInstallation ? ofInstallation : [])];
  return [...shown.map(({ section, icon, label }) => ({ path: administrationPath(section), icon, label, end: false })), ...others].map(({ path, icon, label, end }) => ({ path, icon, label: t(label), end: end ?? false }));
}
