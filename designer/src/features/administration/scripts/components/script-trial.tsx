import type { RuleChange } from '@/trial/api/trials';
import { RuleTrial } from '@/trial/components/rule-trial';
import type { Script } from '../api/scripts';
import type { Draft, ScriptPlace } from '../hooks/drafts';

interface ScriptTrialProps {
  place: ScriptPlace;
  /** The published script; missing for a new one. */
  script: Script | undefined;
  /** What differs from it; null where nothing does. */
  draft: Draft | null;
  /** What was compiled, empty for a script that runs as it is; null while there are mistakes. */
  output: string | null;
}

/** The rule of a script, with the text as it stands in the editor; null where the script is of no rule that runs in a save. */
function triedOf({ place, script, draft, output }: ScriptTrialProps): { entity: string; on: string[]; change: RuleChange | null } | null {
  const created = draft?.created;
  const text = output === '' ? (draft?.text ?? undefined) : (output ?? undefined);
  if (created) {
    if (created.kind !== 'rule') return null;
    const { entity, name, label, on } = created;
    return { entity, on, change: output === null ? null : { rule: name, definition: { name, label, on, script: place.file }, script: text } };
  }
  const use = script?.uses.find(({ canBeTried }) => canBeTried);
  if (!use?.entity || !use.name) return null;
  return { entity: use.entity, on: ['create', 'update'], change: output === null ? null : { rule: use.name, ...(draft ? { script: text } : {}) } };
}

/** Tries a rule on records with its script as it stands in the editor. */
export function ScriptTrial(props: ScriptTrialProps) {
  const tried = triedOf(props);
  return tried ? <RuleTrial {...tried} /> : null;
}
