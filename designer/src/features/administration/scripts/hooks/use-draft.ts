import { useCallback, useEffect, useRef, useState } from 'react';
import { readDraft, removeDraft, writeDraft, type Draft, type ScriptPlace } from './drafts';

/** Milliseconds after the last key until the text is kept. */
const pause = 300;

/** A text that says nothing else than the published one. */
function isSettled(draft: Draft | null, published: string | null): boolean {
  return draft !== null && !draft.created && draft.text === published;
}

/** The text in the editor. What differs from the published one is kept in this browser until it is published or discarded. */
export function useDraft(place: ScriptPlace, published: string | null) {
  const [restored] = useState(() => readDraft(place));
  const [written, setWritten] = useState<Draft | null>(restored);
  const [isKept, setKept] = useState(true);
  const draft = isSettled(written, published) ? null : written;
  const latest = useRef(draft);

  useEffect(() => {
    latest.current = draft;
    if (!draft) {
      removeDraft(place);
      return;
    }
    const keep = () => latest.current && setKept(writeDraft(place, latest.current));
    const timer = window.setTimeout(keep, pause);
    window.addEventListener('pagehide', keep);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener('pagehide', keep);
      // Whoever goes to another page of the application comes back to the text as well.
      if (latest.current) writeDraft(place, latest.current);
    };
  }, [draft, place]);

  const write = useCallback(
    (text: string) => setWritten((known) => ({ ...known, text, base: !known || isSettled(known, published) ? published : known.base, at: Date.now() })),
    [published],
  );
  const forget = useCallback(() => {
    latest.current = null;
    removeDraft(place);
    setWritten(null);
  }, [place]);
  /** Keeps the own text although another one was published meanwhile: from now on it is a change of that one. */
  const takeOver = useCallback(() => setWritten((known) => known && { ...known, base: published, at: Date.now() }), [published]);
  /** Takes note that a text was published: what is written from now on is a change of it. */
  const settle = useCallback((sent: string) => setWritten((known) => known && { text: known.text, base: sent, at: known.at }), []);

  return { text: draft?.text ?? published ?? '', draft, isKept, isRestored: restored !== null && draft?.at === restored.at, write, forget, takeOver, settle };
}
