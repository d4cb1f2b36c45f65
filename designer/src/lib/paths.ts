/** Address of an entity's list in an app. */
export function listPath(app: string, plural: string, view?: string | null): string {
  return `/${app}/${plural}${view ? `?view=${encodeURIComponent(view)}` : ''}`;
}

/** Pages for administrators. */
export type AdministrationSection = 'mails' | 'deliveries' | 'workflow-runs';

/** Address of a page for administrators, or of one thing on it. */
export function administrationPath(section: AdministrationSection, id?: string): string {
  return `/administration/${section}${id ? `/${id}` : ''}`;
}

/** Address of the jobs of the signed-in person; of all jobs for administrators. */
export const jobsPath = '/jobs';

/** Address of a record; of an empty form for `new`. */
export function recordPath(app: string, plural: string, id: string): string {
  return `/${app}/${plural}/${id}`;
}
