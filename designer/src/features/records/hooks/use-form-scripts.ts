import { use, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import type { Entity } from '@/api/model';
import type { RecordValues } from '@/api/records';
import { sameValue } from '@/fields/field-ui';
import type { RuleNote } from '@/fields/rules';
import { useTexts } from '@/lib/i18n/text';
import { jumpTo } from '../components/jump';
import type { Done, FormEvent, FormWishes } from '../scripts/messages';
import { SandboxContext } from '../scripts/sandbox-context';
import { answerQuestion } from '../scripts/script-questions';
import { ScriptSession } from '../scripts/script-session';
import { fromScript, scriptNames, toScript } from '../scripts/script-values';
import { fieldOfProperty } from './form-values';

interface ScriptedForm {
  entity: Entity;
  isNew: boolean;
  /** The record as it is stored; another object when it was loaded again. */
  base: RecordValues;
  /** False while the record is being loaded. */
  isReady: boolean;
  /** The record as the form shows it. */
  values: RecordValues;
  /** The record as it is stored with what was changed; each change is told to the scripts that wait for it. */
  draft: RecordValues;
  /** Takes over what scripts have assigned. */
  take(changes: RecordValues): void;
}

/** The day of a moment in a time zone, as ISO 8601. */
function dayOf(moment: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(moment);
}

const noNotes: Record<string, RuleNote[]> = {};

/** Runs the scripts of a form in their sandbox, and says what they want of it. Without scripts it does nothing. */
export function useFormScripts({ entity, isNew, base, isReady, values, draft, take }: ScriptedForm) {
  const api = useApi();
  const model = useModel();
  const t = useTexts();
  const open = use(SandboxContext);
  const session = useRef<ScriptSession | null>(null);
  // Null until the scripts have said what they wait for.
  const listens = useRef<string[] | null>(null);
  const seen = useRef<RecordValues>({});
  const assigned = useRef<RecordValues>({});
  const [wishes, setWishes] = useState<FormWishes | null>(null);
  const [notes, setNotes] = useState(noNotes);
  const hasScripts = entity.formScripts.length > 0;

  const run = async (within: ScriptSession, event: FormEvent['event'], fields: string[]): Promise<Done | null> => {
    const key = `${event}:${fields.join()}`;
    try {
      const done = await within.run(event, fields, toScript(entity, values));
      if (!done || session.current !== within) return null;
      const wrong = done.error && t(done.error.line === null ? 'script.mistake' : 'script.mistake.line', { script: done.error.script, line: done.error.line ?? 0, message: done.error.message });
      listens.current = done.listens;
      setWishes(done.form);
      // With another record the notes about the one before go.
      setNotes((all) => ({ ...(event === 'load' ? noNotes : all), [key]: wrong ? [...done.notes, { kind: 'warning', message: wrong }] : done.notes }));
      if (done.focus) jumpTo(done.focus, `field-${done.focus}`);
      return done;
    } catch {
      setNotes((all) => ({ ...all, [key]: [{ kind: 'warning', message: t('script.stopped', { script: entity.formScripts.map((each) => each.name).join(', ') }) }] }));
      return null;
    }
  };
  const tell = async (within: ScriptSession, event: 'load' | 'change', fields: string[]) => {
    const done = await run(within, event, fields);
    if (!done || Object.keys(done.changes).length === 0) return;
    const set = fromScript(entity, done.changes);
    assigned.current = { ...assigned.current, ...set };
    take(set);
  };
  const begin = useEffectEvent(() => {
    const { user, scriptTexts, timeZone } = model.source;
    const now = new Date();
    const opened = new ScriptSession(
      open,
      {
        scripts: entity.formScripts,
        ...scriptNames(entity),
        previous: isNew ? null : toScript(entity, base),
        user: { id: user.id, userName: user.userName, name: user.displayName, roles: user.roles },
        now: now.toISOString(),
        today: dayOf(now, timeZone),
        texts: Object.fromEntries(scriptTexts.map(({ key, text }) => [key, text])),
      },
      (question) => answerQuestion(api, model, question),
    );
    session.current = opened;
    listens.current = null;
    seen.current = draft;
    assigned.current = {};
    queueMicrotask(() => void tell(opened, 'load', []));
    return opened;
  });
  useEffect(() => {
    if (!hasScripts || !isReady) return undefined;
    const opened = begin();
    return () => {
      opened.close();
      if (session.current === opened) session.current = null;
    };
  }, [hasScripts, isReady, base]);
  const tellChanges = useEffectEvent(() => {
    const before = seen.current;
    const within = session.current;
    const waited = listens.current;
    if (!within || !waited) return;
    seen.current = draft;
    // What scripts have set themselves is no news to them.
    const isNews = (property: string) => !sameValue(before[property], draft[property]) && !(property in assigned.current && sameValue(assigned.current[property], draft[property]));
    const news = Object.keys({ ...before, ...draft }).filter(isNews);
    const names = new Set(news.map((property) => fieldOfProperty(entity, property)?.name ?? property));
    for (const name of names) if (waited.includes(name)) queueMicrotask(() => void tell(within, 'change', [name]));
  });
  // The wishes are new after every event: what was typed while the scripts began is told when they have.
  useEffect(() => tellChanges(), [draft, wishes]);

  return {
    wishes,
    notes: Object.values(notes).flat(),
    /** Mistakes that changes have brought, and that stop a save. */
    errors: Object.entries(notes).flatMap(([key, all]) => (key.startsWith('save:') ? [] : all.filter((note) => note.kind === 'error'))),
    hasScripts,
    /** Asks the scripts before a save: what they refuse, and what they change. */
    beforeSave: async (): Promise<{ refused: RuleNote[]; changes: RecordValues }> => {
      const done = session.current && (await run(session.current, 'save', []));
      return { refused: done?.notes.filter((note) => note.kind === 'error') ?? [], changes: done ? fromScript(entity, done.changes) : {} };
    },
  };
}
