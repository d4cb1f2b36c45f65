import { useRef } from 'react';
import type { FileChange } from '@/api/packages';
import { usePublish } from '@/api/use-publish';
import { useTexts } from '@/lib/i18n/text';
import type { ScriptMistake } from '../language/protocol';
import type { Draft, ScriptPlace } from './drafts';
import { namingFiles } from './new-files';

/** The files of a package with a script as it stands in the editor. */
export function changeOf({ file }: ScriptPlace, draft: Draft | null, output: string): FileChange {
  return (files) => {
    if (!draft) return {};
    const built = output ? { [`rules/${file.replace(/\.ts$/, '.js')}`]: output } : {};
    return { [`rules/${file}`]: draft.text, ...built, ...(draft.created ? namingFiles(draft.created, file, files) : {}) };
  };
}

/** Publishes a script. What the server refuses is told at its line. */
export function usePublishScript(place: ScriptPlace, onDone: (text: string) => void) {
  const t = useTexts();
  const sent = useRef('');
  const path = `rules/${place.file}`;
  const { publish, isPublishing, problems, failure, reset } = usePublish(() => onDone(sent.current));
  const isHere = ({ location }: (typeof problems)[number]) => location.package === place.package && location.file === path && (location.line ?? 0) > 0;
  const run = (draft: Draft, output: string) => {
    sent.current = draft.text;
    publish({
      package: place.package,
      done: t('scripts.published', { file: place.file }),
      change: (files) => {
        // Whoever has published meanwhile is not overwritten.
        if ((files[path] ?? null) !== draft.base) throw new Error(t('scripts.conflict'));
        return changeOf(place, draft, output)(files);
      },
    });
  };
  const mistakes: ScriptMistake[] = problems.filter(isHere).map(({ location, message, remedy }) => ({ line: location.line ?? 1, column: 1, message: `${message} ${remedy}`.trim() }));
  const others = problems.filter((problem) => !isHere(problem)).map(({ location, message, remedy }) => `${location.package}/${location.file}: ${message} ${remedy}`.trim());
  return { publish: run, isPublishing, mistakes, refusals: failure ? [failure] : others, reset };
}
