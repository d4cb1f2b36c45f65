import { IconFileText } from '@tabler/icons-react';
import { depths, reaches, type Depth } from '@/lib/depths';
import { useTexts } from '@/lib/i18n/text';
import type { ExplainedRole } from '../api/explanation';
import styles from './access.module.css';

const steps = depths.filter((depth) => depth !== 'none');

/** The steps that a right can reach to, with the place of the record among them. */
export function LadderHead({ distance }: { distance: Depth }) {
  const t = useTexts();
  return (
    <div className={styles.ladder} aria-hidden>
      <span />
      {steps.map((step) => (
        <span key={step} className={styles.step} data-here={step === distance || undefined}>
          {step === distance ? <IconFileText size={14} stroke={1.8} /> : null}
          {t(`access.step.${step}`)}
        </span>
      ))}
    </div>
  );
}

/** How far each role reaches, drawn against the place of the record. The sentences beside it say the same. */
export function ReachLadder({ roles, distance }: { roles: readonly ExplainedRole[]; distance: Depth }) {
  const granting = roles.filter((role) => role.depth !== 'none' || role.reaches);
  if (granting.length === 0) return null;
  return (
    <div className={styles.ladders} aria-hidden>
      {granting.map((role) => (
        <div key={role.name} className={styles.ladder}>
          <span className={styles.rung} title={role.label}>
            {role.label}
          </span>
          {steps.map((step) => (
            <span key={step} className={styles.bar} data-reached={reaches(role.depth, step) || undefined} data-here={step === distance || undefined} data-good={role.reaches || undefined} />
          ))}
        </div>
      ))}
    </div>
  );
}
