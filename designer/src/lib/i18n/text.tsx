import { createContext, use, useMemo, type ReactNode } from 'react';
import { de } from './de';
import { en, type TextKey } from './en';

export type { TextKey } from './en';

/** Values for the placeholders of a text. */
export type TextValues = Record<string, string | number>;

/** Gives the text of a key, placeholders filled. Keys that end in "one" and "other" are chosen with {@link Texts.count}. */
export interface Texts {
  (key: TextKey, values?: TextValues): string;
  /** Language tag for dates and numbers. */
  readonly language: string;
}

const dictionaries: Record<string, Record<TextKey, string>> = { en, de };

function fill(text: string, values: TextValues | undefined): string {
  return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text;
}

/** The texts of a language; English where there is no dictionary for it. */
export function textsOf(language: string): Texts {
  const dictionary = dictionaries[language.split('-')[0] ?? 'en'] ?? en;
  const texts = (key: TextKey, values?: TextValues) => fill(dictionary[key], values);
  return Object.assign(texts, { language });
}

const TextContext = createContext<Texts>(textsOf('en'));

/** Makes the texts of a language known to everything below. */
export function TextProvider({ language, children }: { language: string; children: ReactNode }) {
  const texts = useMemo(() => textsOf(language), [language]);
  return <TextContext value={texts}>{children}</TextContext>;
}

/** The texts of the current language. */
export function useTexts(): Texts {
  return use(TextContext);
}
