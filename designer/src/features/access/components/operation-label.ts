import type { Texts } from '@/lib/i18n/text';

const known = ['create', 'read', 'update', 'delete', 'assign', 'share', 'export', 'import'] as const;

/** What people call an operation; its name where there is no text for it. */
export function operationLabel(operation: string, t: Texts): string {
  const name = known.find((each) => each === operation);
  return name ? t(`access.do.${name}`) : operation;
}
