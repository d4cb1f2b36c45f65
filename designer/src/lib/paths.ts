/** Address of an entity's list in an app. */
export function listPath(app: string, plural: string, view?: string | null): string {
  return `/${app}/${plural}${view ? `?view=${encodeURIComponent(view)}` : ''}`;
}

/** Pages for administrators. */
export type AdministrationSection = 'users' | 'roles' | 'units' | 'organisations' | 'mails' | 'deliveries' | 'workflow-runs' | 'rules' | 'package-tests' | 'uses' | 'audit' | 'personal-data';

/** Address of a page for administrators, or of one thing on it. */
export function administrationPath(section: AdministrationSection, id?: string): string {
  return `/administration/${section}${id ? `/${id}` : ''}`;
}

/** Stands for a rule that is not there yet: no rule can have this name. */
export const newRule = 'new-rule';

/** Address of the rules of an entity, or of one of them. */
export function ruleBuilderPath(entity?: string, packageName?: string, rule?: string): string {
  return ['/administration/rules/build', entity, packageName, rule].filter((part) => part !== undefined).join('/');
}

/** Address of all scripts, or of one in the editor. */
export function scriptPath(packageName?: string, file?: string): string {
  // Not as a part of the path: the server takes a path that ends like a file for one.
  return packageName && file ? `/administration/scripts/${packageName}?${new URLSearchParams({ file })}` : '/administration/scripts';
}

/** Stands in addresses for the entity of what belongs to none: no entity can have this name. */
export const noEntity = '-';

/** Address of what one rule, action, schedule or script of forms does. */
export function rulePath(kind: string, entity: string, name: string): string {
  return `/administration/rules/${kind}/${entity || noEntity}/${encodeURIComponent(name)}`;
}

/** Address of all that depends on a thing of the model. */
export function usesPath(element: Record<string, string>): string {
  return `/administration/uses?${new URLSearchParams(element)}`;
}

/** Address of the jobs of the signed-in person; of all jobs for administrators. */
export const jobsPath = '/jobs';

/** Address of a record; of an empty form for `new`. */
export function recordPath(app: string, plural: string, id: string): string {
  return `/${app}/${plural}/${id}`;
}

/** Address of the signed-in person's own account. */
export const accountPath = '/account';

/** Where a visitor asks for a new password. */
export const forgottenPath = '/forgotten-password';

/** Where links in mails lead; their secret stands behind the number sign. */
export const linkPaths = { invitation: '/invitation', password: '/new-password', email: '/email' } as const;

const providerPrefix = '/sign-in/';

/** Name of the provider that sends people back to this address; null where none does. */
export function providerOf(path: string): string | null {
  return path.startsWith(providerPrefix) ? path.slice(providerPrefix.length) : null;
}

/** Whether an address is one that links in mails lead to, or a provider by which somebody signs in. */
export function isLinkPath(path: string): boolean {
  return Object.values<string>(linkPaths).includes(path) || providerOf(path) !== null;
}
