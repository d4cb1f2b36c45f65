import { useTexts } from '@/lib/i18n/text';
import type { ScriptMistake } from '../language/protocol';
import styles from './scripts.module.css';

/** The mistakes of a script; each leads to its place. */
export function MistakeList({ mistakes, onGo }: { mistakes: ScriptMistake[]; onGo(mistake: ScriptMistake): void }) {
  const t = useTexts();
  if (mistakes.length === 0) return null;
  return (
    <ul className={styles.mistakes} aria-label={t('scripts.mistakes.list')}>
      {mistakes.map((mistake) => (
        <li key={`${mistake.line}:${mistake.column}:${mistake.message}`}>
          <button type="button" onClick={() => onGo(mistake)}>
            {t('scripts.mistake', { line: mistake.line, message: mistake.message })}
          </button>
        </li>
      ))}
    </ul>
  );
}
