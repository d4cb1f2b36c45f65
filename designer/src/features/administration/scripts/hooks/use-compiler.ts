import { use, useEffect, useState } from 'react';
import { LanguageContext } from '../language/language-context';
import type { Checked, ScriptLanguage, ScriptSetting } from '../language/protocol';

/** Milliseconds after the last key until the text is checked. */
const pause = 300;

/** What the compiler says of a text. */
export interface Verdict extends Checked {
  /** The text that was checked. */
  text: string;
}

/** A compiler for a script, and what it says of the text as one types. */
export function useCompiler(setting: ScriptSetting | null, text: string) {
  const open = use(LanguageContext);
  const [language, setLanguage] = useState<ScriptLanguage | null>(null);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  useEffect(() => {
    if (!setting) return;
    const opened = open(setting);
    let isOver = false;
    opened.ready.then(
      () => !isOver && setLanguage(opened),
      (error: Error) => !isOver && setFailure(error.message),
    );
    return () => {
      isOver = true;
      setLanguage(null);
      opened.close();
    };
  }, [open, setting]);

  useEffect(() => {
    if (!language) return;
    let isOver = false;
    const timer = window.setTimeout(() => {
      language.check(text).then(
        (checked) => !isOver && setVerdict({ ...checked, text }),
        (error: Error) => !isOver && setFailure(error.message),
      );
    }, pause);
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [language, text]);

  return { language, verdict, failure };
}
