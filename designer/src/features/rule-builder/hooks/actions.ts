import type { ActionSource } from '@/api/packages';

/** What an action can do, in the order of the menu. */
export const verbs = ['require', 'lock', 'show', 'hide', 'limit', 'set', 'default', 'clear', 'message'] as const;

/** One of them. */
export type Verb = (typeof verbs)[number];

/** What an action does. */
export function verbOf(action: ActionSource): Verb {
  return verbs.find((verb) => action[verb] !== undefined) ?? 'require';
}

/** An action of a kind that says nothing yet. */
export function emptyAction(verb: Verb): ActionSource {
  switch (verb) {
    case 'message':
      return { message: '', kind: 'warning' };
    case 'limit':
      return { limit: '', options: [] };
    case 'set':
      return { set: '', to: '' };
    case 'default':
      return { default: '', to: '' };
    default:
      return { [verb]: [] };
  }
}

/** Whether an action says all that it needs. */
export function isFinished(action: ActionSource): boolean {
  const verb = verbOf(action);
  const named = action[verb];
  if (verb === 'message') return Boolean(action.message?.trim());
  if (verb === 'limit') return Boolean(action.limit) && (action.options?.length ?? 0) > 0;
  if (verb === 'set' || verb === 'default') return Boolean(named) && Boolean(action.to?.trim());
  return Array.isArray(named) && named.length > 0;
}
