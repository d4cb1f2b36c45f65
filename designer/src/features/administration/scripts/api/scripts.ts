import { queryOptions } from '@tanstack/react-query';
import type { ApiClient } from '@/api/client';
import type { ScriptKind, ScriptSetting } from '../language/protocol';

/** One use of a script. */
export interface ScriptUse {
  kind: 'rule' | 'action' | 'schedule' | 'form';
  /** Entity of the record that it sees; missing for none. */
  entity?: string;
  /** Name of the rule, action or schedule. */
  name?: string;
  /** It is a rule that runs in the save, and can be tried on records without effect. */
  canBeTried: boolean;
}

/** A script that somebody writes. */
export interface Script {
  package: string;
  /** File name under `rules/`. */
  file: string;
  uses: ScriptUse[];
}

/** The scripts of all published packages. */
export function scriptsQuery(api: ApiClient, version: number) {
  return queryOptions({ queryKey: ['metadata', 'scripts', version], queryFn: ({ signal }) => api.get<Script[]>('/api/metadata/scripts', signal) });
}

/** What scripts of a kind are checked against that are used for some entities, and by some actions. */
export function scriptInputsQuery(api: ApiClient, kind: ScriptKind, entities: string[], actions: string[], version: number) {
  return queryOptions({
    queryKey: ['metadata', 'script-inputs', kind, entities, actions, version],
    staleTime: Infinity,
    queryFn: ({ signal }) => api.get<Pick<ScriptSetting, 'libraries' | 'contexts'>>(`/api/metadata/scripts/inputs?kind=${kind}&entity=${encodeURIComponent(entities.join(','))}&action=${encodeURIComponent(actions.join(','))}`, signal),
  });
}
