import { Button } from '@mantine/core';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useTexts } from '@/lib/i18n/text';
import { scriptPath } from '@/lib/paths';
import { PageHeader } from '@/ui/page-header';
import { usePageTitle } from '@/ui/page-title';
import type { Script } from '../api/scripts';
import type { ScriptPlace } from '../hooks/drafts';
import { useCompiler } from '../hooks/use-compiler';
import { useDraft } from '../hooks/use-draft';
import { changeOf, usePublishScript } from '../hooks/use-publish-script';
import { useScriptInputs } from '../hooks/use-script';
import { useUseText } from '../hooks/use-use-text';
import type { ScriptMistake } from '../language/protocol';
import { DraftNotes } from './draft-notes';
import { MistakeList } from './mistake-list';
import { ScriptTests } from './script-tests';
import { ScriptTrial } from './script-trial';
import styles from './scripts.module.css';

// The editor alone is larger than all the rest of the application.
const CodeEditor = lazy(async () => ({ default: (await import('./code-editor')).CodeEditor }));

interface ScriptEditorProps {
  place: ScriptPlace;
  /** The published script; missing for a new one. */
  script: Script | undefined;
  /** Its text; null for a new one. */
  published: string | null;
  /** The text is that of the version in force, and not of one before. */
  isCurrent: boolean;
}

/** One script: its text, its mistakes, and what it would do. */
export function ScriptEditor({ place, script, published, isCurrent }: ScriptEditorProps) {
  const t = useTexts();
  const navigate = useNavigate();
  const textOf = useUseText();
  const { text, draft, isKept, isRestored, write, forget, takeOver, settle } = useDraft(place, published);
  const { kind, inputs, error } = useScriptInputs(script, draft?.created);
  const setting = useMemo(() => (inputs ? { file: place.file, kind, ...inputs } : null), [inputs, kind, place.file]);
  const { language, verdict, failure } = useCompiler(setting, text);
  const { publish, isPublishing, mistakes: refused, refusals, reset } = usePublishScript(place, settle);
  const [target, setTarget] = useState<{ line: number; column: number } | null>(null);
  const [held, setHeld] = useState(false);
  usePageTitle(place.file);

  const isChecked = verdict?.text === text;
  const mistakes = useMemo(() => [...(verdict?.problems ?? []), ...refused], [verdict, refused]);
  const isCorrect = isChecked && verdict.problems.length === 0;
  const hasConflict = draft !== null && isCurrent && !isPublishing && draft.base !== published;
  const uses = draft?.created ? [draft.created] : (script?.uses ?? []);
  const change = useMemo(() => (isCorrect ? changeOf(place, draft, verdict.output) : null), [isCorrect, place, draft, verdict]);

  const go = ({ line, column }: ScriptMistake) => setTarget({ line, column });
  const save = async () => {
    if (!draft || !language || hasConflict || isPublishing) return;
    const checked = await language.check(draft.text).catch(() => null);
    const [first] = checked?.problems ?? [];
    setHeld(Boolean(first));
    if (first) go(first);
    else if (checked) publish(draft, checked.output);
  };
  const saving = useRef(save);
  useEffect(() => {
    saving.current = save;
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 's') return;
      event.preventDefault();
      void saving.current();
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);

  const changed = (next: string) => {
    setHeld(false);
    if (refusals.length > 0 || refused.length > 0) reset();
    write(next);
  };
  const discard = () => {
    forget();
    reset();
    if (published === null) void navigate(scriptPath());
  };
  const state = failure ?? error?.message ? t('scripts.compiler.failed', { reason: failure ?? error?.message ?? '' }) : !isChecked ? t('scripts.checking') : mistakes.length === 0 ? t('scripts.correct') : mistakes.length === 1 ? t('scripts.mistakes.one') : t('scripts.mistakes', { count: mistakes.length });
  return (
    <>
      <PageHeader
        actions={
          <>
            <Button component={Link} to={scriptPath()} variant="default">
              {t('scripts.back')}
            </Button>
            <Button disabled={!draft || hasConflict || !language} loading={isPublishing} onClick={() => void save()}>
              {t('scripts.publish')}
            </Button>
          </>
        }
      >
        <h1 className={styles.title}>{place.file}</h1>
      </PageHeader>
      <div className={styles.columns}>
        <div className={styles.writing}>
          {draft && !isPublishing ? <DraftNotes draft={draft} published={published} isKept={isKept} isRestored={isRestored} hasConflict={hasConflict} onDiscard={discard} onTakeOver={takeOver} /> : null}
          {refusals.length > 0 || refused.length > 0 || held ? (
            <div className={styles.note} data-kind="danger" role="alert">
              <p>{t(held ? 'scripts.refused.mistakes' : 'scripts.refused')}</p>
              {refusals.map((refusal) => (
                <p key={refusal}>{refusal}</p>
              ))}
            </div>
          ) : null}
          <Suspense fallback={<p className={styles.loading}>{t('scripts.loading')}</p>}>
            <CodeEditor label={`${t('scripts.editor', { file: place.file })}. ${t('scripts.keys')}`} file={place.file} value={text} mistakes={mistakes} target={target} language={language} onChange={changed} />
          </Suspense>
          <div className={styles.below}>
            <p className={styles.state} role="status" data-wrong={mistakes.length > 0 || undefined}>
              {state}
            </p>
            <MistakeList mistakes={mistakes} onGo={go} />
            <p className={styles.hint}>{t('scripts.keys')}</p>
          </div>
        </div>
        <aside className={styles.beside}>
          <p className={styles.hint}>
            {uses.length > 0 ? uses.map(textOf).join(' · ') : t('scripts.use.none')} · {place.package}
          </p>
          {place.file.endsWith('.js') ? <p className={styles.hint}>{t(kind === 'form' ? 'scripts.plain.form' : 'scripts.plain')}</p> : null}
          <ScriptTrial place={place} script={script} draft={draft} output={isCorrect ? verdict.output : null} />
          <ScriptTests packageName={place.package} change={change} />
        </aside>
      </div>
    </>
  );
}
