import { reaches } from '@/lib/depths';
import type { Texts } from '@/lib/i18n/text';
import type { ExplainedOperation, ExplainedRole, Explanation } from '../api/explanation';

/** What a reason looks at. */
interface Case {
  explanation: Explanation;
  operation: ExplainedOperation;
  t: Texts;
}

/** Gives the sentences for one kind of reason; none where it does not apply. */
type Reason = (about: Case) => string[];

const named = (role: ExplainedRole, t: Texts) =>
  [t(`explain.grants.${role.depth}`, { role: role.label }), ...(role.filter ? [t(role.fulfils ? 'explain.filter.fulfilled' : 'explain.filter', { filter: role.filter })] : [])].join(' ');

/** Why something is allowed. Roles that reach the record come before what helps besides. */
const allowing: Reason[] = [
  ({ explanation, t }) => (explanation.user.mayEverything ? [t('explain.administrator')] : []),
  ({ explanation, operation, t }) => operation.roles.filter((role) => role.reaches && reaches(role.depth, explanation.distance)).map((role) => named(role, t)),
  ({ explanation, operation, t }) => operation.roles.filter((role) => role.reaches && !reaches(role.depth, explanation.distance) && role.withReports).map((role) => t('explain.reports', { role: role.label })),
  ({ operation, t }) => (operation.isShared && operation.roles.every((role) => !role.reaches) ? [t('explain.shared')] : []),
];

/** Why something is not allowed. */
const refusing: Reason[] = [
  ({ operation, t }) => (operation.roles.every((role) => role.depth === 'none') && !operation.isShared ? [t('explain.none')] : []),
  ({ operation, t }) => (operation.isShared && operation.roles.every((role) => role.depth === 'none') ? [t('explain.shared.useless')] : []),
  ({ explanation, operation, t }) =>
    operation.roles.some((role) => role.reaches)
      ? []
      : operation.roles
          .filter((role) => role.depth !== 'none')
          .map((role) => (reaches(role.depth, explanation.distance) ? named(role, t) : `${named(role, t)} ${t('explain.notFarEnough')}`)),
  ({ operation, t }) => (operation.lacks.length > 0 ? [t('explain.lacks', { operations: operation.lacks.map((each) => operationText(each, t)).join(', ') })] : []),
];

const operations = ['create', 'read', 'update', 'delete', 'assign', 'share', 'export', 'import'] as const;

/** What people call an operation; its name where there is no text for it. */
export function operationText(operation: string, t: Texts): string {
  const known = operations.find((each) => each === operation);
  return known ? t(`access.do.${known}`) : operation;
}

/** Why an operation is allowed or not, as sentences. */
export function reasonsOf(explanation: Explanation, operation: ExplainedOperation, t: Texts): string[] {
  const reasons = (operation.isAllowed ? allowing : refusing).flatMap((reason) => reason({ explanation, operation, t }));
  return reasons.length > 0 ? reasons : [t(operation.isAllowed ? 'explain.allowed' : 'explain.refused')];
}
