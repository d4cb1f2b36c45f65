import type { Field } from '@/api/model';
import type { RecordValues } from '@/api/records';

/** What a condition is asked about. */
export interface ConditionScope {
  values: RecordValues;
  isNew: boolean;
}

/** Decides a formula over a record; undefined where the browser cannot know. */
export type ConditionRunner = (formula: string, scope: ConditionScope) => boolean | undefined;

/** What the rules of a field say about one record. */
export interface FieldState {
  visible: boolean;
  required: boolean;
  readOnly: boolean;
}

/** Applies the rules of a field to a record. What the browser cannot decide is left to the server. */
export function fieldState(field: Field, scope: ConditionScope, run: ConditionRunner, mayWrite: boolean): FieldState {
  const holds = (condition: boolean | string, unknown: boolean) =>
    typeof condition === 'string' ? (run(condition, scope) ?? unknown) : condition;
  const locked = field.computed || field.system || !field.writable || (field.createOnly && !scope.isNew);
  const readOnly = !mayWrite || locked || holds(field.readonly, false);
  return { visible: holds(field.visible, true), required: !readOnly && holds(field.required, false), readOnly };
}
