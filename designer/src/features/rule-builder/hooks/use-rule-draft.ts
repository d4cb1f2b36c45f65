import { useState } from 'react';
import type { RuleSource } from '@/api/packages';
import { nameFrom } from '@/lib/names';
import { isFinished } from './actions';

/** Events of a rule that says none. */
const usual = ['create', 'update'];

/** A rule that is being written. */
export type RuleDraft = Required<Pick<RuleSource, 'label' | 'on' | 'fields' | 'when' | 'then' | 'else' | 'order'>>;

function draftOf(rule: RuleSource | undefined): RuleDraft {
  return { label: rule?.label ?? rule?.name.replaceAll('_', ' ') ?? '', on: rule?.on ?? usual, fields: rule?.fields ?? [], when: rule?.when ?? '', then: rule?.then ?? [], else: rule?.else ?? [], order: rule?.order ?? 0 };
}

/** A rule as packages write it: what says nothing is left out. */
export function sourceOf(draft: RuleDraft, name: string): RuleSource {
  const isUsual = draft.on.length === usual.length && usual.every((each) => draft.on.includes(each));
  return {
    name,
    ...(draft.label.trim() ? { label: draft.label.trim() } : {}),
    ...(isUsual ? {} : { on: draft.on }),
    ...(draft.fields.length ? { fields: draft.fields } : {}),
    ...(draft.when.trim() ? { when: draft.when.trim() } : {}),
    then: draft.then,
    ...(draft.else.length && draft.when.trim() ? { else: draft.else } : {}),
    ...(draft.order ? { order: draft.order } : {}),
  };
}

/** A rule that is being written, and whether it can be saved. */
export function useRuleDraft(rule: RuleSource | undefined, taken: readonly string[]) {
  const [draft, setDraft] = useState(() => draftOf(rule));
  const change = (next: Partial<RuleDraft>) => setDraft((current) => ({ ...current, ...next }));
  const isDone = draft.label.trim() !== '' && draft.on.length > 0 && draft.then.length > 0 && [...draft.then, ...draft.else].every(isFinished);
  return { draft, change, isDone, source: () => sourceOf(draft, rule?.name ?? nameFrom(draft.label, taken)) };
}
