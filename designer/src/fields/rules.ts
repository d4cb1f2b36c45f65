import type { Entity, Field, Rule, RuleAction } from '@/api/model';
import type { RecordValues } from '@/api/records';
import { columnOf, isEmpty, sameValue } from './field-ui';
import type { FieldState, Formulas, RecordScope } from './formulas';

/** What a rule tells: an error stops the save, warnings and infos do not. */
export interface RuleNote {
  kind: 'error' | 'warning' | 'info';
  /** Field that it is about; the record as a whole where missing. */
  field?: string | undefined;
  message: string;
}

/** What the rules of an entity say about one record, and the record as a save would make it. */
export interface RuleOutcome {
  values: RecordValues;
  required: ReadonlySet<string>;
  locked: ReadonlySet<string>;
  hidden: ReadonlySet<string>;
  /** Fields that rules have set or cleared. */
  written: ReadonlySet<string>;
  /** The options that are left, as texts, by field. */
  limits: ReadonlyMap<string, ReadonlySet<string>>;
  notes: RuleNote[];
}

/** Runs the rules without scripts, as the server does when it saves: each once, in their order, each seeing what those before it have set. */
export function runRules(scope: RecordScope, formulas: Formulas): RuleOutcome {
  const run = new RuleRun(scope, formulas);
  for (const rule of scope.entity.rules) run.apply(rule);
  return run.outcome();
}

/** What rules say, with what scripts of the form want besides. */
export function withWishes(outcome: RuleOutcome, wishes: { required: string[]; locked: string[]; hidden: string[]; limits: { field: string; options: (string | number)[] }[] } | null): RuleOutcome {
  if (!wishes) return outcome;
  const limits = new Map(outcome.limits);
  for (const { field, options } of wishes.limits) {
    const before = outcome.limits.get(field);
    limits.set(field, new Set(options.map(String).filter((option) => !before || before.has(option))));
  }
  const both = (one: ReadonlySet<string>, others: string[]) => new Set([...one, ...others]);
  return { ...outcome, required: both(outcome.required, wishes.required), locked: both(outcome.locked, wishes.locked), hidden: both(outcome.hidden, wishes.hidden), limits };
}

/** What fields' own conditions and the rules say together. A field that the person has changed meanwhile stays open, so that the change can be taken back. */
export function withRules(field: Field, state: FieldState, outcome: RuleOutcome, isTyped: boolean): FieldState {
  const readOnly = state.readOnly || (!isTyped && (outcome.locked.has(field.name) || outcome.written.has(field.name)));
  return { visible: state.visible && !outcome.hidden.has(field.name), required: !readOnly && (state.required || outcome.required.has(field.name)), readOnly };
}

/** The field with the options that the rules leave; those that are chosen already stay. */
export function offeredBy(field: Field, outcome: RuleOutcome): Field {
  const limit = outcome.limits.get(field.name);
  if (!limit || !field.options) return field;
  const chosen = [outcome.values[columnOf(field)]].flat().map(String);
  return { ...field, options: field.options.filter(({ value }) => limit.has(String(value)) || chosen.includes(String(value))) };
}

/** Changes without those of fields that a rule locks, sets or clears because of `next`, what was typed just now: it decides from here on. */
export function withoutTakenBack(scope: RecordScope, changes: RecordValues, next: RecordValues, formulas: Formulas): RecordValues {
  if (scope.entity.rules.length === 0) return changes;
  const { locked, written } = runRules({ ...scope, values: { ...scope.values, ...changes } }, formulas);
  const taken = scope.entity.fields.filter((field) => (locked.has(field.name) || written.has(field.name)) && !propertiesOf(field).some((property) => property in next));
  const gone = new Set(taken.flatMap((field) => [...propertiesOf(field), field.name]));
  return gone.size === 0 ? changes : Object.fromEntries(Object.entries(changes).filter(([property]) => !gone.has(property)));
}

/** Properties for which a rule has a default: there, a value that was emptied by hand is something else than none. */
export function defaultedProperties(entity: Entity): ReadonlySet<string> {
  const actions = entity.rules.flatMap((rule) => [...rule.then, ...rule.else]).filter((action) => action.kind === 'default');
  return new Set(actions.flatMap((action) => fieldsOf(entity, action)).map((field) => columnOf(field)));
}

/** Properties that the server takes of a field: its columns, or the rows of a collection. */
export function propertiesOf(field: Field): string[] {
  return field.columns.length > 0 ? field.columns.map((column) => column.name) : [field.name];
}

function fieldsOf(entity: Entity, { fields }: RuleAction): Field[] {
  return fields.flatMap((name) => entity.fields.find((field) => field.name === name) ?? []);
}

class RuleRun {
  private values: RecordValues;
  private readonly required = new Set<string>();
  private readonly locked = new Set<string>();
  private readonly shown = new Set<string>();
  private readonly showable = new Set<string>();
  private readonly hidden = new Set<string>();
  private readonly written = new Set<string>();
  private readonly limits = new Map<string, Set<string>>();
  private readonly notes: RuleNote[] = [];

  constructor(
    private readonly scope: RecordScope,
    private readonly formulas: Formulas,
  ) {
    this.values = { ...scope.values };
  }

  apply(rule: Rule): void {
    if (!this.runs(rule)) return;
    const shows = [...rule.then, ...rule.else].filter((action) => action.kind === 'show').flatMap((action) => action.fields);
    for (const field of shows) this.showable.add(field);
    const holds = rule.when === undefined ? true : this.formulas.holds(rule.when, this.now);
    // What the browser cannot know is left to the server, and nothing is hidden because of it.
    if (holds === undefined) for (const field of shows) this.shown.add(field);
    else for (const action of holds ? rule.then : rule.else) this.act(action);
  }

  outcome(): RuleOutcome {
    const hidden = new Set([...this.showable].filter((field) => !this.shown.has(field)));
    for (const field of this.hidden) hidden.add(field);
    return { values: this.values, required: this.required, locked: this.locked, hidden, written: this.written, limits: this.limits, notes: this.notes };
  }

  private get now(): RecordScope {
    return { ...this.scope, values: this.values };
  }

  private runs(rule: Rule): boolean {
    if (this.scope.isNew) return rule.onCreate;
    return rule.onUpdate && (rule.fields.length === 0 || rule.fields.some((name) => this.isChanged(name)));
  }

  private isChanged(name: string): boolean {
    const { entity, previous } = this.scope;
    const field = entity.fields.find((each) => each.name === name);
    return field !== undefined && previous !== undefined && propertiesOf(field).some((property) => !sameValue(previous[property], this.values[property]));
  }

  private act(action: RuleAction): void {
    switch (action.kind) {
      case 'require':
        return this.add(this.required, action);
      case 'lock':
        return this.add(this.locked, action);
      case 'show':
        return this.add(this.shown, action);
      case 'hide':
        return this.add(this.hidden, action);
      case 'limit':
        return this.limit(action);
      case 'clear':
        for (const field of fieldsOf(this.scope.entity, action)) this.write(field, null, field.columns.slice(1).map((column) => column.name));
        return;
      case 'set':
      case 'default':
        return this.compute(action);
      case 'error':
      case 'warning':
      case 'info':
        this.notes.push({ kind: action.kind, field: action.fields[0], message: action.message ?? '' });
    }
  }

  private add(to: Set<string>, action: RuleAction): void {
    for (const field of action.fields) to.add(field);
  }

  private limit({ fields: [name = ''], options = [] }: RuleAction): void {
    const before = this.limits.get(name);
    this.limits.set(name, new Set(options.map(String).filter((option) => !before || before.has(option))));
  }

  private compute(action: RuleAction): void {
    const [field] = fieldsOf(this.scope.entity, action);
    if (!field || action.to === undefined) return;
    if (action.kind === 'default' && !this.isOpen(columnOf(field))) return;
    const value = this.formulas.value(action.to, this.now);
    if (value === undefined) return;
    if (action.kind === 'set') this.write(field, value, []);
    else this.put(field, value);
  }

  private isOpen(property: string): boolean {
    return isEmpty(this.values[property]) && !this.scope.emptied?.has(property);
  }

  private write(field: Field, value: unknown, others: string[]): void {
    this.written.add(field.name);
    this.put(field, value);
    for (const other of others) this.values[other] = null;
  }

  private put(field: Field, value: unknown): void {
    this.values[columnOf(field)] = value;
    if (field.targets) this.values[field.name] = this.named(field, value);
  }

  /** A record that a lookup was pointed to, as far as it is known what it is called. */
  private named(field: Field, id: unknown): unknown {
    const other = this.scope.entity.fields.find((each) => each !== field && each.targets?.[0] === field.targets?.[0] && this.values[columnOf(each)] === id);
    return id !== null && other ? this.values[other.name] : null;
  }
}
