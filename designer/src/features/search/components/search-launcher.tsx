import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import type { Command } from '../command';

const Palette = lazy(async () => ({ default: (await import('./palette')).Palette }));

/** Ctrl-K, or on a Mac Command-K; not where an editor of code has it for itself. */
function isShortcut(event: KeyboardEvent): boolean {
  const isInCode = event.target instanceof Element && event.target.closest('.monaco-editor') !== null;
  return (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k' && !isInCode;
}

interface SearchLauncherProps {
  /** What can be chosen, asked for when it is opened. */
  commands(): Command[];
  app: string | undefined;
  /** The button that opens it. */
  children(open: () => void): ReactNode;
}

/** Opens the palette by a button and by Ctrl-K. */
export function SearchLauncher({ commands, app, children }: SearchLauncherProps) {
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!isShortcut(event) || event.defaultPrevented) return;
      event.preventDefault();
      setOpened((current) => !current);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  return (
    <>
      {children(() => setOpened(true))}
      <Suspense>{opened ? <Palette commands={commands()} app={app} onClose={() => setOpened(false)} /> : null}</Suspense>
    </>
  );
}
