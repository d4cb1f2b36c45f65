import type { ApiClient, FieldError } from '@/api/client';

/** A value before and after. */
export interface ValueChange {
  field: string;
  label: string;
  column: string;
  before: unknown;
  after: unknown;
}

/** What a person is told. */
export interface SaveMessage {
  kind: 'warning' | 'info';
  field?: string;
  message: string;
}

/** What would become of a record. */
export interface Sample {
  id: string;
  title?: string;
  outcome: 'changed' | 'refused' | 'failed';
  changes: ValueChange[];
  errors: FieldError[];
  messages: SaveMessage[];
  detail?: string;
}

/** One call of a dry run. */
export interface DryRunAnswer {
  total: number;
  examined: number;
  changed: number;
  refused: number;
  failed: number;
  /** Where to go on; missing where all were examined. */
  next?: string;
  samples: Sample[];
  problems: Problem[];
}

/** What a rule did in a save that was tried. */
export interface TracedRule {
  entity: string;
  rule: string;
  kind: 'script' | 'decision' | 'action' | 'schedule';
  file: string;
  recordId: string;
  /** How many rules led to it by their changes of other records. */
  depth: number;
  outcome: 'ran' | 'refused' | 'failed' | 'event' | 'fields' | 'condition' | 'off' | 'skipped';
  milliseconds?: number;
  statements?: number;
  lines?: { line: number; times: number }[];
  inputs?: Record<string, unknown>;
  changes: ValueChange[];
  effects: Effect[];
  log: { line: number; text: string }[];
  errors: FieldError[];
  messages: SaveMessage[];
  detail?: string;
}

/** What a save would do. */
export interface Trace {
  outcome: 'accepted' | 'refused' | 'failed';
  detail?: string;
  errors: FieldError[];
  messages: SaveMessage[];
  milliseconds: number;
  rules: TracedRule[];
  problems: Problem[];
  /** What an action returned. */
  value?: unknown;
}

/** A mistake in a changed text. */
export interface Problem {
  location: { file: string; path: string; line?: number };
  message: string;
  remedy: string;
}

/** A rule that is tried, as published or with another text that nobody has published yet. */
export interface RuleChange {
  rule: string;
  /** Another text of its script, in JavaScript as it runs. */
  script?: string | undefined;
  /** Another condition of a rule with a script; empty for none. */
  when?: string | undefined;
  /** The whole rule as packages would hold it, be it new or changed. */
  definition?: unknown;
}

/** Another formula of a computed field. */
export interface FormulaChange {
  field: string;
  formula: string;
}

/** An action that is run, with its published text or another. */
export interface ActionChange {
  action: string;
  script?: string | undefined;
}

/** A schedule that is run, with its published text or another. */
export interface ScheduleChange {
  schedule: string;
  script?: string | undefined;
}

/** What is tried on many records. */
export type Change = RuleChange | FormulaChange;

/** What a script that was tried did beyond its record: mails and calls were not sent, changes were undone. */
export interface Effect {
  kind: 'mail' | 'http' | 'create' | 'update' | 'delete';
  target: string;
  text?: string;
}

/** A save, an action or a schedule to be tried. */
export interface TraceRequest extends Partial<RuleChange>, Partial<ActionChange>, Partial<ScheduleChange> {
  /** Missing for none. */
  entity: string | undefined;
  /** Sign-in name of the user whose rights and roles count; one's own where missing. */
  asUser?: string | undefined;
  /** What is entered for an action. */
  parameters?: unknown;
  /** Null for a new record. */
  id: string | null;
  values?: unknown;
  operation?: 'create' | 'update' | 'delete';
}

/** Which records one call of a dry run looks at. */
export interface Portion {
  filter: string | null;
  after: string | null;
  limit: number;
}

/** Tries a change on some records. */
export async function dryRun(api: ApiClient, entity: string, change: Change, portion: Portion, signal: AbortSignal): Promise<DryRunAnswer> {
  return (await api.call<DryRunAnswer>('POST', '/api/metadata/rules/dry-run', { body: { entity, ...change, ...portion }, signal })).data;
}

/** Tries a save. */
export async function trace(api: ApiClient, request: TraceRequest): Promise<Trace> {
  return (await api.call<Trace>('POST', '/api/metadata/rules/trace', { body: request })).data;
}

/** What is wrong with a changed text, for people. */
export function problemText({ location, message, remedy }: Problem): string {
  const place = location.file.startsWith('rules/') && location.line ? `${location.file}:${location.line}: ` : '';
  return `${place}${message} ${remedy}`;
}
