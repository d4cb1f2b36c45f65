import { useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { packageFileQuery } from '@/api/packages';
import type { Script } from '../api/scripts';
import { scriptInputsQuery, scriptsQuery } from '../api/scripts';
import type { ScriptKind } from '../language/protocol';
import type { NewScript, ScriptPlace } from './drafts';

/** The scripts of all published packages. */
export function useScripts() {
  return useQuery({ ...scriptsQuery(useApi(), useModel().source.version), placeholderData: (known) => known });
}

/** The published text of a script; null for a new one. */
export function useScriptText({ package: name, file }: ScriptPlace) {
  return useQuery({ ...packageFileQuery(useApi(), name, `rules/${file}`, useModel().source.version), placeholderData: (known) => known });
}

/** What a script is, and will be checked against. */
export function useScriptInputs(script: Script | undefined, created: NewScript | undefined) {
  const uses = created ? [created] : (script?.uses ?? []);
  const kind: ScriptKind = uses.some((use) => use.kind === 'form') ? 'form' : 'rule';
  // An action that is published brings its record and its parameters.
  const actions = created ? [] : uses.flatMap((use) => (use.kind === 'action' ? (use.name ?? []) : []));
  const entities = [...new Set(uses.flatMap((use) => (created || use.kind !== 'action' ? (use.entity ?? []) : [])))];
  const query = useQuery({ ...scriptInputsQuery(useApi(), kind, entities, actions, useModel().source.version), placeholderData: (known) => known });
  return { kind, inputs: query.data, error: query.error };
}
