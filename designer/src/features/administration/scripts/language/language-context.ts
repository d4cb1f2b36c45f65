import { createContext } from 'react';
import type { ScriptLanguage, ScriptSetting } from './protocol';
import { RemoteLanguage } from './remote-language';

/** A compiler that has to be closed when nobody needs it any more. */
export interface OpenedLanguage extends ScriptLanguage {
  /** Fails where the compiler cannot be started. */
  ready: Promise<unknown>;
  close(): void;
}

/** Starts a compiler for a script. */
export type OpenLanguage = (setting: ScriptSetting) => OpenedLanguage;

/** How scripts get a compiler. */
export const LanguageContext = createContext<OpenLanguage>((setting) => new RemoteLanguage(setting));
