/** Address of an entity's list in an app. */
export function listPath(app: string, plural: string, view?: string | null): string {
  return `/${app}/${plural}${view ? `?view=${encodeURIComponent(view)}` : ''}`;
}

/** Address of a record; of an empty form for `new`. */
export function recordPath(app: string, plural: string, id: string): string {
  return `/${app}/${plural}/${id}`;
}
