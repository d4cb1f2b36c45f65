import { useEffect, useRef } from 'react';
import { useTexts } from '@/lib/i18n/text';
import styles from './rule-builder.module.css';

/** Why a rule was not published. */
export function ProblemList({ problems }: { problems: string[] }) {
  const t = useTexts();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problems.length > 0) box.current?.focus();
  }, [problems.length]);
  if (problems.length === 0) return null;
  return (
    <div ref={box} className={styles.problems} role="alert" tabIndex={-1}>
      <strong>{t('rule.refused')}</strong>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </div>
  );
}
